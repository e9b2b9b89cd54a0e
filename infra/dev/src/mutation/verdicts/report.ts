import type { Rehearsal } from '../running/reach.ts';
import { type Decision, isUnnoticed, type Judged, LEAST_SCORE, type Score, scoreOf } from './gate.ts';

/** A line per source, the worst first, and the sum of all at the end. */
export function scoreTable(judged: readonly Judged[]): string {
  const files = Map.groupBy(judged, ({ identity }) => identity.file);
  const rows = [...files].sort(([, a], [, b]) => scoreOf(a).percent - scoreOf(b).percent);
  return [...rows, ['all', judged] as const]
    .map(([name, own]) => `${percent(scoreOf(own).percent)}  ${own.filter(isLeft).length} left  ${name}`)
    .join('\n');
}

/** Place, line and change of a mutant that no spec noticed, and how sure that is. */
export function describeSurvivor({ identity: { mutator, line, change }, place, verdict }: Judged): string {
  const remarks = [
    verdict.status === 'unreached' ? 'no spec reaches it' : '',
    verdict.partly ? 'not all specs that reach it were run' : '',
    verdict.doubts ? `${verdict.doubts} specs failed without it, too` : '',
  ].filter(Boolean);
  const said = remarks.length > 0 ? ` (${remarks.join('; ')})` : '';
  return `${place} ${mutator}${said}\n  in  ${line}\n  as  ${change}\n`;
}

export function describeDecision(decision: Decision, total: number, { sample }: { sample: boolean }): string {
  const { score, stale, noticed, unlisted, unjudged, passes } = decision;
  return [
    scoreLine(score, total),
    ...stale.map(
      ({ file, line, change }) => `stale in the list, no such mutant: ${file}: ${line}: ${change}`,
    ),
    ...noticed.map(
      ({ file, line, change }) => `noticed by now, strike it off the list: ${file}: ${line}: ${change}`,
    ),
    ...(unlisted.length > 0 && !sample ? [`${unlisted.length} survivors are not in the list`] : []),
    ...unjudged.map(
      (name) => `${name}: the time was over before any mutant was judged: give it more --minutes`,
    ),
    passes ? 'mutation: passed' : 'mutation: failed',
  ].join('\n');
}

/** How many tests are lost, in a line, and each with its error; nothing when none is. */
export function describeLoss({ runs }: Rehearsal): { line: string; text: string } | undefined {
  const lost = runs.flatMap(({ file, broken }) => broken.map((one) => ({ file, ...one })));
  if (lost.length === 0) return undefined;
  const tests = lost.filter(({ test }) => test !== undefined).length;
  const all = tests + runs.reduce((sum, run) => sum + run.tests.length, 0);
  const files = lost.length - tests;
  const whole = files > 0 ? ` and ${files} whole files` : '';
  return {
    line: `LOST: ${tests} of ${all} tests${whole} fail without a mutant: what only they notice counts as survived`,
    text: lost.map(({ file, test, error }) => `${file}: ${test ?? 'all of it'}\n${error}\n`).join('\n'),
  };
}

function scoreLine({ killed, judged, percent: share, from, to }: Score, total: number): string {
  const range =
    judged < total ? `, ${from.toFixed(1)} to ${to.toFixed(1)} % of all ${total} with 95 % confidence` : '';
  return `${killed} of ${judged} mutants noticed: ${share.toFixed(1)} %${range}; at least ${LEAST_SCORE} % are wanted`;
}

function isLeft({ verdict }: Judged): boolean {
  return isUnnoticed(verdict);
}

function percent(value: number): string {
  return `${value.toFixed(1).padStart(5)} %`;
}

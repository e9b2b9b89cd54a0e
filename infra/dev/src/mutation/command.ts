import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { judgeMutants, type Session } from './session.ts';
import type { Task } from './sources/changed.ts';
import { type Accepted, decide, isUnnoticed, type Judged, LEAST_SCORE } from './verdicts/gate.ts';
import type { Verdict } from './verdicts/judge.ts';
import { describeDecision, describeSurvivor, scoreTable } from './verdicts/report.ts';

export interface MutateOptions {
  readonly root: string;
  readonly tasks: readonly Task[];
  readonly sample: number;
  readonly seed: string;
  readonly minutes: number;
  readonly concurrency: number;
  /** Default: the reviewed list of the project. */
  readonly accepted?: string;
  /** Percent; default: `LEAST_SCORE`. */
  readonly leastScore?: number;
  readonly say?: (line: string) => void;
}

const PROGRESS_MS = 15_000;

/** Judges, reports and decides: the exit code. */
export async function mutate(options: MutateOptions): Promise<number> {
  const { root, tasks, say = console.log } = options;
  const list = options.accepted ?? join(import.meta.dirname, 'accepted.json');
  const accepted: Accepted[] = JSON.parse(await readFile(list, 'utf8'));
  if (tasks.length === 0) {
    say('mutation: no source differs; nothing to judge');
    return 0;
  }
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const judged: Judged[] = [];
  const existing = new Set<string>();
  const unjudged: string[] = [];
  let total = 0;
  const end = Date.now() + options.minutes * 60_000;
  for (const [n, { name, own, files, lines }] of tasks.entries()) {
    const work = join(root, '.plataforma', 'mutation', name);
    say(`${name}: ${files.size} files`);
    // What one package leaves of its time is the next one's.
    const deadline = Date.now() + (end - Date.now()) / (tasks.length - n);
    const session = await judgeMutants({
      ...options,
      ...{ work, own, files, lines, deadline, say, signal: stop.signal, onJudged: progress(say) },
    });
    judged.push(...session.judged);
    total += session.total;
    if (session.total > 0 && session.judged.length === 0) unjudged.push(name);
    for (const key of session.existing) existing.add(key);
    await writeReport(work, root, session, say);
    if (stop.signal.aborted) break;
  }
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  if (stop.signal.aborted) {
    say('mutation: stopped; the next run goes on from here');
    return 130;
  }
  const sample = Number.isFinite(options.sample);
  const files = new Set(tasks.flatMap((task) => [...task.files]));
  const decision = decide(judged, accepted, {
    ...{ existing, files, listed: !sample, unjudged },
    leastScore: options.leastScore ?? LEAST_SCORE,
  });
  if (!sample) for (const survivor of decision.unlisted) say(describeSurvivor(survivor));
  if (judged.length < total) say(`judged ${judged.length} of ${total} mutants: a sample`);
  say(describeDecision(decision, total, { sample }));
  return decision.passes ? 0 : 1;
}

function progress(say: (line: string) => void) {
  let told = Date.now();
  let left = 0;
  return (verdict: Verdict, { done, chosen }: { done: number; chosen: number }) => {
    if (isUnnoticed(verdict)) left += 1;
    if (Date.now() - told < PROGRESS_MS) return;
    told = Date.now();
    say(`${done} of ${chosen} judged, ${left} left`);
  };
}

async function writeReport(
  work: string,
  root: string,
  { judged, loss }: Session,
  say: (line: string) => void,
) {
  const survivors = judged.filter(({ verdict }) => isUnnoticed(verdict));
  const file = join(work, 'survivors.txt');
  await mkdir(work, { recursive: true });
  await writeFile(file, survivors.map(describeSurvivor).join('\n'));
  say(`${scoreTable(judged)}\nSurvivors: ${relative(root, file)}`);
  if (loss !== undefined) say(loss);
}

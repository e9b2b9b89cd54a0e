import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instrumented } from '../changes/instrument.ts';
import type { Answer } from '../running/orders.ts';
import { type Rehearsal, type SpecRun, specRun } from '../running/reach.ts';
import type { Outcome, Specs } from '../running/spec-process.ts';
import type { Package } from '../sources/packages.ts';
import { digest, toolDigest } from './results.ts';

const LONGEST_MS = 600_000;

export interface RehearsalOptions {
  readonly root: string;
  readonly work: string;
  readonly own: Package;
  readonly instrumented: Instrumented;
}

/**
 * Runs every spec, in all processes side by side, to see which mutants each test reaches; what was seen is kept until a
 * file changes.
 */
export async function rehearse(
  { root, work, own, instrumented }: RehearsalOptions,
  processes: readonly Specs[],
  say: (line: string) => void,
): Promise<Rehearsal> {
  const contents = [...own.specs, ...own.helpers].map((file) => readFileSync(join(root, file), 'utf8'));
  const basis = digest(JSON.stringify([instrumented.sources, contents, toolDigest()]));
  const file = join(work, 'rehearsal.json');
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'), revive) : undefined;
  if (before?.basis === basis) return before;
  const runs: SpecRun[] = [];
  const loading = new Set<string>();
  const queue = own.specs.entries();
  const lane = async (specs: Specs) => {
    for (const [place, spec] of queue) {
      const answer = await rehearseSpec(join(root, spec), specs);
      const run = specRun(spec, answer);
      // In the order of the files, whichever process was quicker.
      runs[place] = run;
      for (const id of answer.loading) loading.add(id);
      say(`${spec}: ${run.tests.length} tests, ${(answer.ms / 1000).toFixed(1)} s`);
      for (const { test } of run.broken)
        say(`  fails without a mutant and tells nothing: ${test ?? 'all of it'}`);
    }
  };
  await Promise.all(processes.map(lane));
  writeFileSync(file, JSON.stringify({ basis, runs, loading }, flatten));
  return { runs, loading };
}

/** What fails may fail for what specs before it have left behind: it gets a second try in a process of its own. */
async function rehearseSpec(file: string, specs: Specs): Promise<Answer> {
  const first = answered(await specs.run({ file }, LONGEST_MS));
  if (!failed(first)) return first;
  await specs.stop();
  return answered(await specs.run({ file }, LONGEST_MS));
}

function answered(outcome: Outcome): Answer {
  return 'stuck' in outcome
    ? { results: [], crash: outcome.stuck, perTest: {}, loading: [], ms: 0 }
    : outcome;
}

function failed({ results, crash }: Answer): boolean {
  return crash !== undefined || results.some(({ error }) => error !== undefined);
}

function flatten(_key: string, value: unknown): unknown {
  return value instanceof Set ? { set: [...value] } : value;
}

function revive(_key: string, value: unknown): unknown {
  const set = (value as { set?: unknown } | null)?.set;
  return Array.isArray(set) ? new Set(set) : value;
}

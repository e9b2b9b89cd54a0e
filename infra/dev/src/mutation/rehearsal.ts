import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instrumented } from './instrument.ts';
import type { Package } from './packages.ts';
import { type Rehearsal, type SpecRun, specRun } from './reach.ts';
import { digest } from './results.ts';
import type { Specs } from './spec-process.ts';

const LONGEST_MS = 600_000;

/** Runs every spec once to see which mutants each test reaches; what was seen is kept until a file changes. */
export async function rehearse(
  { root, work, own, instrumented }: { root: string; work: string; own: Package; instrumented: Instrumented },
  specs: Specs,
  say: (line: string) => void,
): Promise<Rehearsal> {
  const contents = [...own.specs, ...own.helpers].map((file) => readFileSync(join(root, file), 'utf8'));
  const basis = digest(JSON.stringify([instrumented.sources, contents]));
  const file = join(work, 'rehearsal.json');
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'), revive) : undefined;
  if (before?.basis === basis) return before;
  const runs: SpecRun[] = [];
  const loading = new Set<string>();
  for (const spec of own.specs) {
    const outcome = await specs.run({ file: join(root, spec) }, LONGEST_MS);
    if ('stuck' in outcome) {
      say(`${spec} tells nothing here: ${outcome.stuck}`);
      continue;
    }
    const run = specRun(spec, outcome);
    runs.push(run);
    for (const id of outcome.loading) loading.add(id);
    say(`${spec}: ${run.tests.length} tests, ${(outcome.ms / 1000).toFixed(1)} s`);
    if (outcome.crash !== undefined) say(`${spec} tells nothing here: ${outcome.crash}`);
    for (const test of run.broken) say(`  fails without a mutant and tells nothing: ${test}`);
  }
  writeFileSync(file, JSON.stringify({ basis, runs, loading }, flatten));
  return { runs, loading };
}

function flatten(_key: string, value: unknown): unknown {
  return value instanceof Set ? { set: [...value] } : value;
}

function revive(_key: string, value: unknown): unknown {
  const set = (value as { set?: unknown } | null)?.set;
  return Array.isArray(set) ? new Set(set) : value;
}

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { leftOutCalls } from '../sources/left-out.ts';
import { brief, cut, differenceOf } from './change.ts';
import { guardMutators } from './mutators.ts';
import type { NodeMutator } from './node-mutator.ts';

/** A change that specs should notice. */
export interface Mutant {
  /** Its switch, in this instrumentation only: see `identities` for one that lasts. */
  readonly id: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly mutator: string;
  /** From 1. */
  readonly line: number;
  readonly lineText: string;
  /** What stood there and what stands there instead. */
  readonly change: string;
}

/** Sources that contain all their mutants at once, each behind a switch, and the list of them. */
export interface Instrumented {
  /** By absolute path. */
  readonly sources: Readonly<Record<string, string>>;
  readonly mutants: readonly Mutant[];
}

type Instrument = Instrumenter['instrument'];
type StrykerMutant = Awaited<ReturnType<Instrument>>['mutants'][number];

/** `files` from the root of the repository. */
export async function instrument(root: string, files: readonly string[]): Promise<Instrumented> {
  await chooseMutators();
  const originals = new Map<string, string>();
  for (const file of files) originals.set(file, await readFile(join(root, file), 'utf8'));
  const silent = new Proxy({}, { get: () => () => false });
  const { files: instrumented, mutants } = await new Instrumenter(silent as never).instrument(
    [...originals].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [leftOutCalls as never] },
  );
  return {
    sources: Object.fromEntries(instrumented.map(({ name, content }) => [join(root, name), content])),
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map((mutant) => described(mutant, originals.get(mutant.fileName) ?? '')),
  };
}

/**
 * A statement of SQL is long: the line is the one that changes, not the one on which the statement begins. Its quotes
 * are left aside, for the instrumenter may write others.
 */
function described(
  { id, fileName, mutatorName, replacement, location: { start, end } }: StrykerMutant,
  source: string,
): Mutant {
  const original = cut(source, start, end);
  const sql = mutatorName === 'SqlGuard';
  const { offset, before, after } = sql
    ? differenceOf(original.slice(1, -1), replacement.slice(1, -1))
    : { offset: 0, before: original, after: replacement };
  const line = start.line + (original.slice(0, offset + 1).split('\n').length - 1);
  return {
    id,
    file: fileName,
    mutator: mutatorName,
    line: line + 1,
    lineText: source.split('\n')[line]?.trim() ?? '',
    change: `${brief(before)} -> ${brief(after)}`,
  };
}

/** As they were before the list was changed. */
let stockMutators: ReadonlyMap<string, NodeMutator> | undefined;

/** The list is Stryker's own and has no other door: its package exports the instrumenter alone. */
async function chooseMutators(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('@stryker-mutator/instrumenter/package.json');
  const list = new URL('dist/src/mutators/mutate.js', pathToFileURL(manifest));
  const { allMutators }: { allMutators: NodeMutator[] } = await import(list.href);
  stockMutators ??= new Map(allMutators.map((mutator) => [mutator.name, mutator]));
  allMutators.splice(0, allMutators.length, ...guardMutators(stockMutators));
}

import type { Mutant } from '../changes/instrument.ts';
import { type Answer, HOOKS } from './orders.ts';

/** What one run of a spec file without any mutant has shown. */
export interface SpecRun {
  /** From the root of the repository. */
  readonly file: string;
  /** Of everything that is not a test: its hooks, mostly. */
  readonly hooksMs: number;
  readonly tests: readonly TestRun[];
  /** The mutants that are reached between tests. */
  readonly hooks: ReadonlySet<string>;
  /** Tests that fail without a mutant: they can tell nothing. */
  readonly broken: readonly Broken[];
}

export interface Broken {
  /** Left out: the whole file, which could not be loaded or brought to its end. */
  readonly test?: string;
  readonly error: string;
}

/** What all specs of a package have shown without a mutant. */
export interface Rehearsal {
  readonly runs: readonly SpecRun[];
  /** The mutants that are reached when modules are loaded. */
  readonly loading: ReadonlySet<string>;
}

interface TestRun {
  readonly name: string;
  readonly ms: number;
  readonly mutants: ReadonlySet<string>;
}

/** Tests of one file that can notice a mutant. */
export interface Trial {
  readonly file: string;
  readonly only: readonly string[];
  /** All tests of the file. */
  readonly all: readonly string[];
  /** What they took together without a mutant, with the hooks around them. */
  readonly ms: number;
  /** The mutant is in what a module does when it is loaded. */
  readonly reload: boolean;
}

export function specRun(file: string, { results, perTest, ms, crash }: Answer): SpecRun {
  const passed = results.filter(({ error }) => error === undefined);
  const broken: Broken[] = results.flatMap(({ name, error }) =>
    error === undefined ? [] : { test: name, error },
  );
  return {
    file,
    hooksMs: Math.max(0, ms - results.reduce((sum, test) => sum + test.ms, 0)),
    tests: passed.map(({ name, ms: took }) => ({ name, ms: took, mutants: new Set(perTest[name]) })),
    hooks: new Set(perTest[HOOKS]),
    broken: crash === undefined ? broken : [...broken, { error: crash }],
  };
}

/** Finds the tests for a mutant: first those that reach it themselves, then the files whose hooks do; the quick ones first. */
export class Reach {
  readonly #runs: readonly SpecRun[];
  readonly #loading: ReadonlySet<string>;
  readonly #byFile: ReadonlyMap<string, readonly Mutant[]>;
  readonly #importers: (file: string) => readonly string[];

  constructor(
    { runs, loading }: Rehearsal,
    mutants: readonly Mutant[],
    importers: (file: string) => readonly string[],
  ) {
    this.#runs = runs;
    this.#loading = loading;
    this.#byFile = Map.groupBy(mutants, ({ file }) => file);
    this.#importers = importers;
  }

  trialsOf({ id, file }: Mutant): Trial[] {
    const direct = this.#trials(new Set([id]), false);
    if (direct.length > 0 || !this.#loading.has(id)) return direct;
    return this.#trials(this.#neighbours(file), true);
  }

  /** The mutants beside one that is reached only by loading; those of the modules that import it when there are none. */
  #neighbours(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return new Set();
    seen.add(file);
    const own = (this.#byFile.get(file) ?? []).map(({ id }) => id).filter((id) => this.#isReached(id));
    if (own.length > 0) return new Set(own);
    return new Set(this.#importers(file).flatMap((other) => [...this.#neighbours(other, seen)]));
  }

  #isReached(id: string): boolean {
    return this.#runs.some(
      ({ hooks, tests }) => hooks.has(id) || tests.some(({ mutants }) => mutants.has(id)),
    );
  }

  #trials(ids: ReadonlySet<string>, reload: boolean): Trial[] {
    const direct: Trial[] = [];
    const byHooks: Trial[] = [];
    for (const { file, hooksMs, tests, hooks } of this.#runs) {
      const reaching = tests.filter(({ mutants }) => meet(mutants, ids));
      const trial = (chosen: readonly TestRun[]) => ({
        file,
        only: chosen.map(({ name }) => name),
        all: tests.map(({ name }) => name),
        ms: hooksMs + chosen.reduce((sum, { ms }) => sum + ms, 0),
        reload,
      });
      if (reaching.length > 0) direct.push(trial(reaching));
      else if (tests.length > 0 && meet(hooks, ids)) byHooks.push(trial(tests));
    }
    const quickFirst = (a: Trial, b: Trial) => a.ms - b.ms;
    return [...direct.sort(quickFirst), ...byHooks.sort(quickFirst)];
  }
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...others].some((id) => some.has(id));
}

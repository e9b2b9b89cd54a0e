import { join } from 'node:path';
import type { Mutant } from '../changes/instrument.ts';
import type { TestResult } from '../running/orders.ts';
import type { Trial } from '../running/reach.ts';
import type { Specs } from '../running/spec-process.ts';

/** What became of a mutant. */
export interface Verdict {
  readonly status: 'killed' | 'survived' | 'unreached';
  /** The spec file that noticed it, and how. */
  readonly by?: string;
  readonly how?: string;
  /** Specs that could not be relied on while it was judged. */
  readonly doubts?: number;
  /** Not all specs that reach it were run: together they take too long. */
  readonly partly?: boolean;
}

/** A test that takes this long with a mutant has waited for something in vain, or for the machine. */
const WAITED_MS = 3_000;
/** Specs that took longer than this together, without a mutant, are not run for one that is hard to notice. */
const PATIENCE_MS = 90_000;
const LEAST_TEST_MS = 10_000;
const LEAST_RUN_MS = 60_000;
/** A machine that others use, too, is that much slower at times. */
const TIMES_SLOWER = 8;

/**
 * Decides what becomes of mutants. A failing test kills only when it passes straight afterwards, in the same process,
 * without the mutant: neither what earlier mutants have left behind nor a slow machine then counts as noticed.
 */
export class Judge {
  readonly #root: string;
  readonly #specs: Specs;
  /** How often tests of a file failed with and without a mutant: they want to be run once, and all of them. */
  readonly #doubts = new Map<string, number>();
  /** How often a spec file has noticed a mutant of a source: it is the first to be asked then. */
  readonly #kills = new Map<string, number>();
  #generation = 0;

  constructor(root: string, specs: Specs) {
    this.#root = root;
    this.#specs = specs;
  }

  async judge(mutant: Mutant, trials: readonly Trial[]): Promise<Verdict> {
    if (trials.length === 0) return { status: 'unreached' };
    const kills = ({ file }: Trial) => this.#kills.get(`${mutant.file} ${file}`) ?? 0;
    let spent = 0;
    let doubts = 0;
    for (const trial of trials.toSorted((a, b) => kills(b) - kills(a))) {
      if (spent > 0 && spent + trial.ms > PATIENCE_MS) return { status: 'survived', doubts, partly: true };
      spent += trial.ms;
      const how = await this.#noticed(mutant, trial);
      if (how === 'doubtful') doubts += 1;
      else if (how !== undefined) {
        this.#kills.set(`${mutant.file} ${trial.file}`, kills(trial) + 1);
        return { status: 'killed', by: trial.file, how };
      }
    }
    return { status: 'survived', doubts };
  }

  /** How the trial ends with the mutant, if it ends badly and ends well without it. */
  async #noticed(mutant: Mutant, trial: Trial): Promise<string | undefined> {
    if (!this.#isFragile(trial)) {
      const { failure } = await this.#try(trial, mutant.id, trial.only);
      if (failure === undefined) return undefined;
      if (await this.#passesWithout(trial, failure, failure.test ? [failure.test] : trial.only))
        return failure.how;
      this.#doubts.set(trial.file, (this.#doubts.get(trial.file) ?? 0) + 1);
      await this.#specs.stop();
    }
    const { failure } = await this.#try(trial, mutant.id, trial.all);
    if (failure === undefined) return undefined;
    if (await this.#passesWithout(trial, failure, trial.all)) return failure.how;
    await this.#specs.stop();
    return 'doubtful';
  }

  #isFragile({ file }: Trial): boolean {
    return (this.#doubts.get(file) ?? 0) >= 2;
  }

  async #passesWithout(trial: Trial, failure: Failure, only: readonly string[]): Promise<boolean> {
    const again = await this.#try(trial, undefined, only);
    if (again.failure) return false;
    const ms = again.results.find(({ name }) => name === failure.test)?.ms ?? 0;
    return failure.ms < WAITED_MS || ms < failure.ms / 2;
  }

  async #try(trial: Trial, mutant: string | undefined, only: readonly string[]): Promise<Attempt> {
    const outcome = await this.#specs.run(
      {
        file: join(this.#root, trial.file),
        mutant,
        only,
        bail: true,
        generation: trial.reload || only === trial.all ? ++this.#generation : undefined,
        timeoutMs: Math.max(LEAST_TEST_MS, TIMES_SLOWER * trial.ms),
      },
      LEAST_RUN_MS + TIMES_SLOWER * trial.ms,
    );
    if ('stuck' in outcome) return { failure: { how: outcome.stuck, ms: 0 }, results: [] };
    const { results, crash } = outcome;
    if (crash !== undefined) return { failure: { how: firstLine(crash), ms: 0 }, results };
    const failed = results.find(({ error }) => error !== undefined);
    return { failure: failed && failureOf(failed), results };
  }
}

interface Attempt {
  readonly failure: Failure | undefined;
  readonly results: readonly TestResult[];
}

/** `test` is not known of a file that cannot be loaded, nor of a process that is stuck. */
interface Failure {
  readonly test?: string;
  readonly how: string;
  readonly ms: number;
}

function failureOf({ name, ms, error = '' }: TestResult): Failure {
  return { test: name, how: `${name}: ${firstLine(error)}`, ms };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** What a process that runs specs is told, and what it answers. */

/** Run tests of one file. */
export interface Order {
  /** Absolute path of the spec file. */
  readonly file: string;
  /** The mutant that is switched on meanwhile. */
  readonly mutant?: string | undefined;
  /** Names of the tests; left out: all. */
  readonly only?: readonly string[] | undefined;
  /** Load the file and the project's modules anew under this number, which was never used before. */
  readonly generation?: number | undefined;
  /** Stop at the first test that fails. */
  readonly bail?: boolean;
  /** Tests and hooks get no longer than this, whatever the file allows. */
  readonly timeoutMs?: number;
}

export interface TestResult {
  /** The names of its describes and its own. */
  readonly name: string;
  readonly ms: number;
  readonly error: string | undefined;
}

export interface Answer {
  readonly results: readonly TestResult[];
  /** The file could not be loaded, or jest gave up. */
  readonly crash?: string | undefined;
  /** The mutants that each test reached; `HOOKS` for what runs between tests. */
  readonly perTest: Readonly<Record<string, readonly string[]>>;
  /** The mutants that were reached when modules were loaded. */
  readonly loading: readonly string[];
  readonly ms: number;
}

export const HOOKS = '(hooks)';

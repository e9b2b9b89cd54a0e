import { relative } from 'node:path';
import CountReporter from '@plataforma/testing/jest/count-reporter';
import { type NamedTest, namedTests, readPage, requirements } from './page.ts';
import { notRun } from './ran.ts';

type Results = Parameters<CountReporter['onRunComplete']>[1];

/** What narrows a run down to some suites or tests; jest has them all in its global configuration. */
interface Narrowing {
  readonly rootDir: string;
  readonly testNamePattern?: string | undefined;
  readonly testPathPatterns?: { readonly patterns: readonly string[] };
  readonly onlyChanged?: boolean;
  readonly onlyFailures?: boolean;
  readonly findRelatedTests?: boolean;
  readonly shard?: unknown;
}

interface Context {
  readonly config: { readonly displayName?: { readonly name: string } | undefined };
}

/** The reporter of the whole repository: a test that the page about the ASVS names and that did not run is a failure. */
export default class AsvsReporter extends CountReporter {
  readonly #config: Narrowing;
  readonly #named: readonly NamedTest[];
  readonly #say: (text: string) => void;
  #missing: readonly NamedTest[] = [];

  constructor(
    config: Narrowing,
    _options?: unknown,
    _context?: unknown,
    say = (text: string) => void process.stdout.write(text),
    named = namedTests(requirements(readPage())),
  ) {
    super(config, undefined, undefined, say);
    this.#config = config;
    this.#named = named;
    this.#say = say;
  }

  override onRunComplete(contexts: ReadonlySet<Context>, results: Results): void {
    this.#missing = this.#notRun(contexts, results);
    if (this.#missing.length > 0) {
      const list = this.#missing.map(({ file, title }) => `  ${file}: ${title}\n`).join('');
      this.#say(`\ndocs/security/asvs.md names tests that did not run:\n${list}`);
    }
    const numFailedTests = results.numFailedTests + this.#missing.length;
    super.onRunComplete(contexts, { ...results, numFailedTests });
  }

  /** Makes jest exit as after a failed test. */
  getLastError(): Error | undefined {
    return this.#missing.length > 0 ? new Error('named tests did not run') : undefined;
  }

  #notRun(contexts: ReadonlySet<Context>, { testResults }: Results): NamedTest[] {
    const { rootDir, testNamePattern } = this.#config;
    if (testNamePattern) return [];
    const loaded = testResults.filter(({ testExecError }) => !testExecError);
    const suites = new Map(loaded.map((suite) => [relative(rootDir, suite.testFilePath), suite.testResults]));
    const unloaded = testResults.filter(({ testExecError }) => testExecError);
    const failed = new Set(unloaded.map(({ testFilePath }) => relative(rootDir, testFilePath)));
    const projects = new Set([...contexts].map(({ config }) => config.displayName?.name ?? ''));
    const named = this.#named.filter(({ file }) => !failed.has(file));
    return notRun(named, { suites, projects, whole: this.#isWhole() });
  }

  #isWhole(): boolean {
    const { testPathPatterns, onlyChanged, onlyFailures, findRelatedTests, shard } = this.#config;
    const narrowed = [onlyChanged, onlyFailures, findRelatedTests, shard].some(Boolean);
    return !narrowed && (testPathPatterns?.patterns ?? []).length === 0;
  }
}

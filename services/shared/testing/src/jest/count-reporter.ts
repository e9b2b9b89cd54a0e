import { relative } from 'node:path';

/*
 * Replaces jest's own reporters: those always print their summary after every other reporter, so the count could not
 * be the last line, and they write to stderr, which a caller may read apart. The types are the part of jest's that is
 * used; jest does not export them.
 */
interface SuiteResult {
  readonly testFilePath: string;
  readonly failureMessage?: string | null | undefined;
  readonly console?: readonly { readonly type: string; readonly message: string }[] | undefined;
  readonly testExecError?: unknown;
  readonly testResults: readonly { readonly fullName: string; readonly status: string }[];
  readonly perfStats: { readonly start: number; readonly end: number };
}

interface RunResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly SuiteResult[];
}

interface Suite {
  readonly context: { readonly config: { readonly displayName?: { readonly name: string } | undefined } };
}

/** One line per suite, the failures in full, and at the very end `N passed, N failed` alone on a line. */
export default class CountReporter {
  readonly #rootDir: string;
  readonly #write: (text: string) => void;

  constructor(
    globalConfig: { rootDir: string },
    _options?: unknown,
    _context?: unknown,
    write = (text: string) => void process.stdout.write(text),
  ) {
    this.#rootDir = globalConfig.rootDir;
    this.#write = write;
  }

  onTestResult(suite: Suite, result: SuiteResult): void {
    const project = suite.context.config.displayName?.name ?? '';
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const verdict = result.failureMessage ? 'FAIL' : 'PASS';
    const file = relative(this.#rootDir, result.testFilePath);
    this.#write(`${verdict} ${project} ${file} (${testCount(result)}, ${seconds} s)\n`);
    for (const { type, message } of result.console ?? []) this.#write(`  console.${type}: ${message}\n`);
    if (result.failureMessage) this.#write(`\n${result.failureMessage}\n`);
  }

  onRunComplete(_suites: unknown, results: RunResult): void {
    const failed = results.testResults.flatMap((suite) => this.#failuresOf(suite));
    if (failed.length > 0) this.#write(`\nFailed:\n${failed.map((title) => `  ${title}\n`).join('')}`);
    this.#write(`\n${countLine(results)}\n`);
  }

  /** Named again at the end, because a long run scrolls the details away. */
  #failuresOf(suite: SuiteResult): string[] {
    const file = relative(this.#rootDir, suite.testFilePath);
    if (suite.testExecError) return [`${file}: did not run`];
    return suite.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `${file}: ${fullName}`);
  }
}

function testCount({ testResults }: SuiteResult): string {
  return testResults.length === 1 ? '1 test' : `${testResults.length} tests`;
}

/** A suite that could not be loaded has no tests to count: it counts as one failure, never as none. */
function countLine(results: RunResult): string {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

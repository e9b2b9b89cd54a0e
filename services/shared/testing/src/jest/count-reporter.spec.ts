import { describe, expect, it } from '@jest/globals';
import CountReporter from './count-reporter.ts';

type RunResult = Parameters<CountReporter['onRunComplete']>[1];

function report(overrides: Partial<RunResult> = {}): string[] {
  let text = '';
  const reporter = new CountReporter({ rootDir: '/raiz' }, undefined, undefined, (chunk) => {
    text += chunk;
  });
  reporter.onRunComplete(undefined, {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    testResults: [],
    ...overrides,
  });
  return text.trimEnd().split('\n');
}

const suite = (testResults: { fullName: string; status: string }[], testExecError?: Error) => ({
  testFilePath: '/raiz/services/a.spec.ts',
  failureMessage: 'falhou',
  perfStats: { start: 0, end: 1 },
  testResults,
  testExecError,
});

describe('CountReporter', () => {
  it('ends with passed and failed only when nothing was skipped', () => {
    expect(report().at(-1)).toBe('3 passed, 0 failed');
  });

  it('adds the skipped and planned tests when there are some', () => {
    expect(report({ numPendingTests: 1, numTodoTests: 2 }).at(-1)).toBe('3 passed, 0 failed, 3 skipped');
  });

  it('names every failed test before the count when some failed', () => {
    const testResults = [
      suite([
        { fullName: 'x fails', status: 'failed' },
        { fullName: 'y', status: 'passed' },
      ]),
    ];
    const lines = report({ numFailedTests: 1, testResults });
    expect(lines).toContain('  services/a.spec.ts: x fails');
    expect(lines.at(-1)).toBe('3 passed, 1 failed');
  });

  it('counts a suite that could not be loaded as a failure', () => {
    const lines = report({ numRuntimeErrorTestSuites: 1, testResults: [suite([], new Error('sintaxe'))] });
    expect(lines).toContain('  services/a.spec.ts: did not run');
    expect(lines.at(-1)).toBe('3 passed, 1 failed');
  });
});

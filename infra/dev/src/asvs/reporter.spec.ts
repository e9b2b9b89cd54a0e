import { describe, expect, it } from '@jest/globals';
import AsvsReporter from './reporter.ts';

const A = { file: 'a.int.spec.ts', title: 'a holds' };
const EACH = { file: 'b.spec.ts', title: 'b holds for %s' };

type Config = ConstructorParameters<typeof AsvsReporter>[0];
type Tests = { fullName: string; status: string }[];

/** A run of the projects `unit` and `int`: what its reporter writes in the end, and whether jest would fail. */
function run(suites: Record<string, Tests | Error>, config: Partial<Config> = {}, named = [A, EACH]) {
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text);
  const reporter = new AsvsReporter({ rootDir: '/raiz', ...config }, undefined, undefined, say, named);
  const contexts = ['unit', 'int'].map((name) => ({ config: { displayName: { name } } }));
  reporter.onRunComplete(new Set(contexts), {
    ...{
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 0,
    },
    testResults: Object.entries(suites).map(([file, tests]) => ({
      ...{ testFilePath: `/raiz/${file}`, perfStats: { start: 0, end: 1 } },
      ...(tests instanceof Error ? { testExecError: tests, testResults: [] } : { testResults: tests }),
    })),
  });
  return { text: lines.join(''), fails: reporter.getLastError() !== undefined };
}

const passed = (...titles: string[]): Tests => titles.map((fullName) => ({ fullName, status: 'passed' }));
const WHOLE = { 'a.int.spec.ts': passed('a holds'), 'b.spec.ts': passed('b holds for 1', 'b holds for 2') };

describe('the reporter of named tests', () => {
  it('is content with a run that made them all', () => {
    expect(run(WHOLE)).toEqual({ text: '\n3 passed, 0 failed\n', fails: false });
  });

  it('fails a whole run without one of their suites, and says which', () => {
    const { text, fails } = run({ 'b.spec.ts': WHOLE['b.spec.ts'] });
    expect(text).toContain('  a.int.spec.ts: a holds\n');
    expect(text).toMatch(/3 passed, 1 failed\n$/);
    expect(fails).toBe(true);
  });

  it('asks a narrower run for the suites that it has', () => {
    const config = { testPathPatterns: { patterns: ['b.spec'] } };
    expect(run({ 'b.spec.ts': WHOLE['b.spec.ts'] }, config).fails).toBe(false);
    expect(run({ 'a.int.spec.ts': passed('another') }, config).fails).toBe(true);
    expect(run({ 'a.int.spec.ts': passed('another') }, { testNamePattern: 'another' }).fails).toBe(false);
  });

  it('asks nothing of projects that were not run', () => {
    expect(run(WHOLE, {}, [A, EACH, { file: 'c.proof.spec.ts', title: 'c' }]).fails).toBe(false);
  });

  it.each(['pending', 'todo', 'skipped', 'disabled'])('fails a run in which one is %s', (status) => {
    expect(run({ ...WHOLE, 'a.int.spec.ts': [{ fullName: 'a holds', status }] }).fails).toBe(true);
  });

  it('fails a run in which one case of several is skipped', () => {
    const tests = [...passed('b holds for 1'), { fullName: 'b holds for 2', status: 'pending' }];
    expect(run({ ...WHOLE, 'b.spec.ts': tests }).fails).toBe(true);
  });

  it('counts a test that failed once, and a suite that could not be loaded once', () => {
    expect(run({ ...WHOLE, 'a.int.spec.ts': [{ fullName: 'a holds', status: 'failed' }] }).fails).toBe(false);
    expect(run({ ...WHOLE, 'a.int.spec.ts': new Error('syntax') }).fails).toBe(false);
  });
});

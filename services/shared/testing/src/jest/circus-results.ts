import { type AssertionResult, createEmptyTestResult, type TestResult } from '@jest/test-result';
import type { Circus, Config } from '@jest/types';
import { formatExecError, formatResultsErrors } from 'jest-message-util';

const RUNNER = new URL('./one-process.', import.meta.url).href;

/** The run of a file as jest's reporters want to be told of it. */
export function resultOf(
  ran: Circus.RunResult,
  path: string,
  global: Config.GlobalConfig,
  project: Config.ProjectConfig,
): TestResult {
  const testResults = ran.testResults.map(assertionOf);
  const howMany = (status: AssertionResult['status']) =>
    testResults.filter((result) => result.status === status).length;
  const strays = ran.unhandledErrorsDetailed.map((error) => formatExecError(error, project, global, path));
  const failures = [formatResultsErrors(testResults, project, global, path) ?? '', ...strays].filter(Boolean);
  return {
    ...createEmptyTestResult(),
    ...(project.displayName && { displayName: project.displayName }),
    testFilePath: path,
    testResults,
    numPassingTests: howMany('passed'),
    numFailingTests: howMany('failed'),
    numPendingTests: howMany('pending'),
    numTodoTests: howMany('todo'),
    failureMessage: failures.length > 0 ? failures.join('\n') : null,
    ...(strays.length > 0 && { testExecError: { message: '', stack: ran.unhandledErrors.join('\n') } }),
  };
}

function assertionOf(ran: Circus.TestResult): AssertionResult {
  const [, ...titles] = ran.testPath;
  return {
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1) ?? '',
    fullName: titles.join(' '),
    status: statusOf(ran),
    duration: ran.duration ?? null,
    failureDetails: [],
    failureMessages: ran.errors.map(withoutRunner),
    invocations: ran.invocations,
    location: ran.location ?? null,
    numPassingAsserts: ran.numPassingAsserts,
    retryReasons: [...ran.retryReasons],
  };
}

/** Where nothing of the spec stands in the stack, jest would show who runs it. */
function withoutRunner(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes(RUNNER))
    .join('\n');
}

function statusOf({ status, errors }: Circus.TestResult): AssertionResult['status'] {
  if (status === 'skip') return 'pending';
  if (status === 'todo') return 'todo';
  return errors.length > 0 ? 'failed' : 'passed';
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Circus } from '@jest/types';
import { addEventHandler, getState } from 'jest-circus';
import { expect } from './globals.ts';

/** The test that runs: circus forgets it before it is known what it has left behind. */
let running: Circus.TestEntry | undefined;

/** Promises that were rejected and that nobody has waited for yet: a test may still do so until it has ended. */
const rejections = new Map<Promise<unknown>, { test: Circus.TestEntry | undefined; error: unknown }>();

addEventHandler(async (event: Circus.Event) => {
  if (event.name === 'test_start') running = event.test;
  if (event.name !== 'test_done' && event.name !== 'run_finish') return;
  // Node tells of a rejection, and that it was handled after all, between two turns.
  await nextTurn();
  for (const { test, error } of rejections.values()) errorsOf(test).push(error);
  rejections.clear();
  running = undefined;
  if (event.name === 'run_finish') return;
  const [unmet] = expect.extractExpectedAssertionsErrors();
  if (unmet && event.test.errors.length === 0) event.test.errors.push(unmet.error);
});

/** A file fails by the errors that no test is to blame for. Circus puts another list in the place of a test's now and then. */
const errorsOf = (test: Circus.TestEntry | undefined): unknown[] =>
  test?.errors ?? getState().unhandledErrors;

const LISTENERS = {
  uncaughtException: (error: Error) => errorsOf(running).push(error),
  unhandledRejection: (error: unknown, promise: Promise<unknown>) =>
    rejections.set(promise, { test: running, error }),
  rejectionHandled: (promise: Promise<unknown>) => rejections.delete(promise),
};

/**
 * Makes what is thrown or rejected and caught by nobody an error of the test that runs, or else of its file, and fails tests
 * that keep less than `expect.hasAssertions` and the like. The result gives errors back to Node.
 */
export function errorsOfTests(): () => void {
  for (const [event, listener] of Object.entries(LISTENERS)) process.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(LISTENERS)) process.off(event, listener);
  };
}

import { pathToFileURL } from 'node:url';
import type { Circus } from '@jest/types';
import { errorsOfTests } from '@plataforma/testing/jest/errors-of-tests';
import { expect } from '@plataforma/testing/jest/globals';
import { leaveAsFound } from '@plataforma/testing/jest/leave-as-found';
import { addEventHandler, beforeEach, getState, resetState, run, setState } from 'jest-circus';
import type { Order, TestResult } from './orders.ts';
import { HOOKS } from './orders.ts';

/** What the instrumented sources read and write: the names are Stryker's. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: Coverage;
}
interface Coverage {
  readonly static: Record<string, number>;
  readonly perTest: Record<string, Record<string, number>>;
}

/** As the preset of jest has it. */
const TEST_TIMEOUT_MS = 30_000;

const files = new Map<string, Circus.State>();
let onDone: (test: Circus.TestEntry) => void = () => undefined;

/** Runs tests of a file; resolves with those that ran, in their order. */
export async function runSpec(order: Order): Promise<TestResult[]> {
  const switches = switchboard();
  switches.activeMutant = order.mutant;
  const giveBack = leaveAsFound();
  const results: TestResult[] = [];
  const state = await definitionOf(order);
  const restore = prepare(state, order);
  onDone = (test) => {
    const [error] = test.errors;
    const message = error === undefined ? undefined : messageOf(error);
    results.push({ name: nameOf(test), ms: test.duration ?? 0, error: message });
    if (error !== undefined && order.bail) for (const other of testsOf(state.rootDescribeBlock)) skip(other);
  };
  switches.currentTestId = HOOKS;
  try {
    await run();
  } finally {
    switches.activeMutant = undefined;
    switches.currentTestId = undefined;
    restore();
    giveBack();
  }
  return results;
}

/** The mutants that were reached since the last call, by test; what loading a module reaches has no test. */
export function takeCoverage(): { loading: string[]; perTest: Record<string, string[]> } {
  const { static: loading = {}, perTest = {} } = switchboard().mutantCoverage ?? {};
  const taken = {
    loading: Object.keys(loading),
    perTest: Object.fromEntries(Object.entries(perTest).map(([test, hits]) => [test, Object.keys(hits)])),
  };
  // Emptied rather than replaced: the instrumented modules hold on to them.
  for (const record of [loading, perTest]) for (const key of Object.keys(record)) delete record[key];
  return taken;
}

addEventHandler((event: Circus.Event) => {
  if (event.name === 'test_start') switchboard().currentTestId = nameOf(event.test);
  if (event.name !== 'test_done') return;
  switchboard().currentTestId = HOOKS;
  onDone(event.test);
});

// Until the process ends: a mutant may throw at any time.
errorsOfTests();

function switchboard(): Switchboard {
  const global = globalThis as { __stryker__?: Switchboard };
  global.__stryker__ ??= {};
  return global.__stryker__;
}

/** A file is loaded once for each generation; a new one evaluates the modules of the project anew. */
async function definitionOf({ file, generation }: Order): Promise<Circus.State> {
  const url = `${pathToFileURL(file).href}${generation === undefined ? '' : `?generation=${generation}`}`;
  const known = files.get(url);
  if (known) return known;
  resetState();
  const state = getState();
  state.testTimeout = TEST_TIMEOUT_MS;
  // A test that asserts nothing fails here, too.
  beforeEach(() => expect.hasAssertions());
  await import(url);
  // No generation is asked for again.
  if (generation === undefined) files.set(url, state);
  return state;
}

/** Makes a definition that may have run before ready to run as ordered; the result undoes it. */
function prepare(state: Circus.State, { only, timeoutMs = Number.POSITIVE_INFINITY }: Order): () => void {
  const wanted = only && new Set(only);
  const tests = testsOf(state.rootDescribeBlock);
  const timed = [...tests, ...hooksOf(state.rootDescribeBlock)];
  const before = {
    testTimeout: state.testTimeout,
    modes: tests.map(({ mode }) => mode),
    timeouts: timed.map(({ timeout }) => timeout),
  };
  state.testTimeout = Math.min(state.testTimeout, timeoutMs);
  for (const entry of timed) if (entry.timeout) entry.timeout = Math.min(entry.timeout, timeoutMs);
  for (const test of tests) {
    Object.assign(test, { errors: [], status: null, startedAt: null, duration: null, invocations: 0 });
    if (wanted && !wanted.has(nameOf(test))) skip(test);
  }
  Object.assign(state, { hasStarted: false, currentlyRunningTest: null, unhandledErrors: [] });
  setState(state);
  return () => {
    state.testTimeout = before.testTimeout;
    for (const [n, test] of tests.entries()) test.mode = before.modes[n];
    for (const [n, entry] of timed.entries()) Object.assign(entry, { timeout: before.timeouts[n] });
  };
}

function skip(test: Circus.TestEntry): void {
  if (test.status !== 'done') test.mode = 'skip';
}

function testsOf(block: Circus.DescribeBlock): Circus.TestEntry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));
}

function hooksOf(block: Circus.DescribeBlock): Circus.Hook[] {
  return [
    ...block.hooks,
    ...block.children.flatMap((child) => (child.type === 'test' ? [] : hooksOf(child))),
  ];
}

function nameOf(test: Circus.TestEntry): string {
  const names: string[] = [test.name];
  for (let block: Circus.DescribeBlock | undefined = test.parent; block?.parent; block = block.parent) {
    names.unshift(block.name);
  }
  return names.join(' ');
}

function messageOf(error: unknown): string {
  const cause = Array.isArray(error) ? (error[0] ?? error[1]) : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/*
 * What specs import as `@jest/globals` where they are run without jest's module system around them: its own circus and its own
 * expect, so that a spec means the same.
 */
import { jestExpect } from '@jest/expect';
import { ModernFakeTimers } from '@jest/fake-timers';
import type { Config } from '@jest/types';
import { getState } from 'jest-circus';
import { ModuleMocker } from 'jest-mock';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from 'jest-circus';
/** The expect of jest itself. */
export const expect = jestExpect;

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({
  // For the real one, Node's own timer modules would be replaced, too: under jest they go on.
  global: new Proxy(globalThis, { get: (target, key) => Reflect.get(target, key) }),
  config: { fakeTimers: {}, rootDir: process.cwd() } as Config.ProjectConfig,
});

/** The part of jest's object that the specs use; anything else fails loudly. */
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  setTimeout(ms: number) {
    getState().testTimeout = ms;
  },
  /** Never `nextTick`: under jest `process` is a copy, and here Node's own streams would stand still. */
  useFakeTimers({ doNotFake = [], ...config }: Omit<Config.FakeTimersConfig, 'legacyFakeTimers'> = {}) {
    timers.useFakeTimers({ ...config, doNotFake: [...doNotFake, 'nextTick'] });
  },
  useRealTimers: timers.useRealTimers.bind(timers),
  advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
  advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
  getTimerCount: timers.getTimerCount.bind(timers),
  setSystemTime: timers.setSystemTime.bind(timers),
};

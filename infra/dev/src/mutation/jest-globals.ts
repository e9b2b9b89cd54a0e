/*
 * What specs import as `@jest/globals`, without jest around them: its own circus and its own expect, so that a spec means
 * the same. jest loads all modules anew for every file and run; here they stay, which is what makes a mutant cheap.
 */
import { jestExpect } from '@jest/expect';
import { getState } from 'jest-circus';
import { ModuleMocker } from 'jest-mock';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from 'jest-circus';
export const expect = jestExpect;

const mocker = new ModuleMocker(globalThis);

/** The part of jest's object that the specs use; anything else fails loudly. */
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  setTimeout(ms: number) {
    getState().testTimeout = ms;
  },
};

export function restoreAllMocks(): void {
  mocker.restoreAllMocks();
}

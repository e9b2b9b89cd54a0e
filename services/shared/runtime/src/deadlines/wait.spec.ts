import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { delay, settledWithin, withDeadline } from './wait.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** What has become of a promise so far. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  let state: unknown = 'pending';
  const note = (outcome: unknown) => {
    state = outcome;
  };
  void promise.then(note, note);
  await new Promise(setImmediate);
  return state;
}

describe('delay', () => {
  it('is over after its time', async () => {
    const over = delay(1_000).then(() => 'over');
    await jest.advanceTimersByTimeAsync(999);
    expect(await stateOf(over)).toBe('pending');
    await jest.advanceTimersByTimeAsync(1);
    expect(await stateOf(over)).toBe('over');
  });

  it('is over as soon as the signal fires, and waits no longer', async () => {
    const waker = new AbortController();
    const over = delay(1_000, waker.signal).then(() => 'over');
    expect(await stateOf(over)).toBe('pending');
    waker.abort();
    expect(await stateOf(over)).toBe('over');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not begin after the signal has fired', async () => {
    expect(await stateOf(delay(1_000, AbortSignal.abort()).then(() => 'over'))).toBe('over');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets go of a signal that never fires', async () => {
    const { signal } = new AbortController();
    const gone = jest.spyOn(signal, 'removeEventListener');
    const over = delay(1_000, signal);
    await jest.advanceTimersByTimeAsync(1_000);
    await over;
    expect(gone).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});

describe('settledWithin', () => {
  it.each([
    ['ends well', () => Promise.resolve('done')],
    ['fails', () => Promise.reject(new Error('no'))],
  ])('is true for work that %s in time', async (_, work) => {
    expect(await stateOf(settledWithin(work(), 1_000))).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is false for work that goes on', async () => {
    const settled = settledWithin(new Promise(() => undefined), 1_000);
    await jest.advanceTimersByTimeAsync(999);
    expect(await stateOf(settled)).toBe('pending');
    await jest.advanceTimersByTimeAsync(1);
    expect(await stateOf(settled)).toBe(false);
  });
});

describe('withDeadline', () => {
  const tooLate = () => new Error('too late');

  it('passes on what becomes of the work in time', async () => {
    expect(await stateOf(withDeadline(Promise.resolve('done'), 1_000, tooLate))).toBe('done');
    const failed = withDeadline(Promise.reject(new Error('no')), 1_000, tooLate);
    expect(await stateOf(failed)).toEqual(new Error('no'));
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects when the time is over', async () => {
    const late = withDeadline(new Promise(() => undefined), 1_000, tooLate);
    late.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(999);
    expect(await stateOf(late)).toBe('pending');
    await jest.advanceTimersByTimeAsync(1);
    expect(await stateOf(late)).toEqual(new Error('too late'));
  });
});

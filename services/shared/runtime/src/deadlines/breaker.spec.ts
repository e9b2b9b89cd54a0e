import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import {
  type Breaker,
  BreakerOpenError,
  type BreakerOptions,
  type BreakerState,
  BreakerTimeoutError,
  createBreaker,
} from './breaker.ts';

describe('createBreaker', () => {
  let breaker: Breaker<[], string>;
  let action: () => Promise<string>;
  let calls = 0;
  let states: BreakerState[];

  const works = async () => 'ok';
  const breaks = async () => {
    throw new Error('down');
  };

  function create(options: BreakerOptions = {}): void {
    calls = 0;
    states = [];
    const counted = () => {
      calls++;
      return action();
    };
    breaker = createBreaker('teste', counted, {
      resetMs: 30,
      ...options,
      onStateChange: (state) => states.push(state),
    });
  }

  async function fail(times: number): Promise<void> {
    action = breaks;
    for (let i = 0; i < times; i++) await expect(breaker.fire()).rejects.toThrow('down');
  }

  const halfOpen = () => eventually(() => expect(breaker.state).toBe('half-open'));

  afterEach(() => breaker.close());

  it('stays closed when failures are not in a row', async () => {
    create();
    await fail(4);
    action = works;
    await breaker.fire();
    await fail(4);
    expect(breaker.state).toBe('closed');
  });

  it('opens after five failures in a row and then refuses without calling', async () => {
    create({ resetMs: 30_000 });
    await fail(5);
    expect(breaker.state).toBe('open');
    const refused = await breaker.fire().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BreakerOpenError);
    expect(calls).toBe(5);
  });

  it('opens by the count and not by the rate when many calls succeeded before', async () => {
    create();
    action = works;
    for (let i = 0; i < 200; i++) await breaker.fire();
    await fail(5);
    expect(breaker.state).toBe('open');
  });

  it('closes after two successes in a row when half-open', async () => {
    create();
    await fail(5);
    await halfOpen();
    action = works;
    await breaker.fire();
    expect(breaker.state).toBe('half-open');
    await breaker.fire();
    expect(breaker.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    await fail(4);
    expect(breaker.state).toBe('closed');
  });

  it.each([0, 1])('opens again at the first failure when half-open after %i successes', async (successes) => {
    create();
    await fail(5);
    await halfOpen();
    action = works;
    for (let i = 0; i < successes; i++) await breaker.fire();
    await fail(1);
    expect(breaker.state).toBe('open');
    await halfOpen();
    action = works;
    await breaker.fire();
    expect(breaker.state).toBe('half-open');
  });

  it.each([0, 1])('lets one call at a time through when half-open after %i successes', async (successes) => {
    create();
    await fail(5);
    await halfOpen();
    action = works;
    for (let i = 0; i < successes; i++) await breaker.fire();
    const answer = Promise.withResolvers<string>();
    action = () => answer.promise;
    const trial = breaker.fire();
    await expect(breaker.fire()).rejects.toBeInstanceOf(BreakerOpenError);
    answer.resolve('ok');
    await expect(trial).resolves.toBe('ok');
  });

  it('rejects with a timeout that counts as a failure when no answer comes', async () => {
    create({ timeoutMs: 10, failures: 1 });
    action = () => Promise.withResolvers<string>().promise;
    await expect(breaker.fire()).rejects.toBeInstanceOf(BreakerTimeoutError);
    expect(breaker.state).toBe('open');
  });

  it('gives a call five seconds and stays open for half a minute unless it is told otherwise', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      breaker = createBreaker('teste', () => Promise.withResolvers<string>().promise, { failures: 1 });
      const late = breaker.fire().catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(4_999);
      expect(breaker.state).toBe('closed');
      await jest.advanceTimersByTimeAsync(1);
      expect([await late, breaker.state]).toEqual([expect.any(BreakerTimeoutError), 'open']);
      await jest.advanceTimersByTimeAsync(29_999);
      expect(breaker.state).toBe('open');
      await jest.advanceTimersByTimeAsync(1);
      expect(breaker.state).toBe('half-open');
    } finally {
      jest.useRealTimers();
    }
  });

  it('passes answers of refusal on without counting them', async () => {
    create({ isAnswer: (error) => (error as Error).message === 'down' });
    await fail(20);
    expect(breaker.state).toBe('closed');
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Health } from './health.ts';

describe('Health', () => {
  let health: Health;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    health = new Health();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is not ready before it serves, whatever its checks say', async () => {
    health.addCheck('postgres', async () => undefined);
    expect(health.isServing()).toBe(false);
    expect(await health.readiness()).toEqual({ ready: false, checks: { postgres: 'ok' } });
    health.setServing(true);
    expect(await health.readiness()).toEqual({ ready: true, checks: { postgres: 'ok' } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['an error', new Error('connection refused')],
    ['anything else', 'connection refused'],
  ])('tells why not when a check fails with %s', async (_, failure) => {
    health.setServing(true);
    health.addCheck('redis', async () => undefined);
    health.addCheck('postgres', () => Promise.reject(failure));
    const checks = { redis: 'ok', postgres: 'connection refused' };
    expect(await health.readiness()).toEqual({ ready: false, checks });
  });

  it('waits two seconds for a check', async () => {
    health.setServing(true);
    health.addCheck('postgres', () => new Promise(() => undefined));
    let told: unknown;
    const reading = health.readiness().then((readiness) => {
      told = readiness;
    });
    await jest.advanceTimersByTimeAsync(1_999);
    expect(told).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    await reading;
    expect(told).toEqual({ ready: false, checks: { postgres: 'no answer within 2000 ms' } });
  });

  it('runs its checks once for all who ask meanwhile, and again for who asks later', async () => {
    let calls = 0;
    health.addCheck('postgres', async () => {
      calls += 1;
    });
    await Promise.all([health.readiness(), health.readiness()]);
    expect(calls).toBe(1);
    await health.readiness();
    expect(calls).toBe(2);
  });

  describe('watched', () => {
    let end: AbortController;
    let told: (boolean | 'ended')[];
    let over: Promise<void>;

    const turn = () => new Promise(setImmediate);

    async function watch(): Promise<void> {
      end = new AbortController();
      told = [];
      over = (async () => {
        for await (const serving of health.watch(end.signal)) told.push(serving);
        told.push('ended');
      })();
      await turn();
    }

    it('tells the state at once and every change, and nothing that is none', async () => {
      await watch();
      for (const serving of [false, true, true, false]) {
        health.setServing(serving);
        await turn();
      }
      expect(told).toEqual([false, true, false]);
      end.abort();
      await over;
      expect(told).toEqual([false, true, false, 'ended']);
    });

    it('tells nothing to who has gone, and keeps nothing of them', async () => {
      await watch();
      const gone = jest.spyOn(end.signal, 'removeEventListener');
      const forgotten = jest.spyOn(Set.prototype, 'delete');
      end.abort();
      await over;
      expect(forgotten).toHaveBeenCalledWith(expect.any(Function));
      expect(gone).toHaveBeenCalledWith('abort', expect.any(Function));
      forgotten.mockRestore();
      health.setServing(true);
      await turn();
      expect(told).toEqual([false, 'ended']);
    });
  });
});

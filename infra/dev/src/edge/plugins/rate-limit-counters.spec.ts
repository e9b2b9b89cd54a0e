import { describe, expect, it } from '@jest/globals';
import { RateLimitCounters } from './rate-limit-counters.ts';

const MINUTE_MS = 60_000;

describe('RateLimitCounters', () => {
  it('counts within one window and begins again with the next', () => {
    const counters = new RateLimitCounters();
    counters.increment('a', MINUTE_MS, 0);
    counters.increment('a', MINUTE_MS, MINUTE_MS - 1);
    expect(counters.used('a', MINUTE_MS, MINUTE_MS - 1)).toBe(2);
    expect(counters.used('a', MINUTE_MS, MINUTE_MS)).toBe(0);
    counters.increment('a', MINUTE_MS, MINUTE_MS);
    expect(counters.used('a', MINUTE_MS, MINUTE_MS)).toBe(1);
  });

  it('holds the windows of 50,000 clients, and none of them any more for one beyond', () => {
    const counters = new RateLimitCounters();
    for (let client = 0; client < 50_000; client += 1) counters.increment(`c${client}`, MINUTE_MS, 0);
    expect(counters.used('c0', MINUTE_MS, 0)).toBe(1);
    counters.increment('c0', MINUTE_MS, 0);
    expect(counters.used('c49999', MINUTE_MS, 0)).toBe(1);
    counters.increment('one more', MINUTE_MS, 0);
    expect(['c0', 'c49999', 'one more'].map((key) => counters.used(key, MINUTE_MS, 0))).toEqual([0, 0, 1]);
  });
});

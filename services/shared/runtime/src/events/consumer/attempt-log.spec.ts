import { describe, expect, it } from '@jest/globals';
import { AttemptLog } from './attempt-log.ts';

describe('AttemptLog', () => {
  it('counts the failures of each message by itself until it is settled', () => {
    const log = new AttemptLog();
    expect([log.failed(1), log.failed(2), log.failed(1)]).toEqual([1, 1, 2]);
    log.forget(1);
    expect(log.failed(1)).toBe(1);
  });

  it('measures timeouts from the first one, and anew after anything else', () => {
    const log = new AttemptLog();
    expect(log.timedOut(1, 1_000)).toBe(0);
    log.failed(1);
    expect(log.timedOut(1, 4_000)).toBe(3_000);
    log.noTimeout(1);
    expect([log.timedOut(1, 5_000), log.timedOut(1, 6_000)]).toEqual([0, 1_000]);
  });

  it('keeps why a message is given up', () => {
    const log = new AttemptLog();
    expect(log.final(1)).toBeUndefined();
    log.giveUp(1, undefined);
    expect(log.final(1)).toEqual({ error: undefined });
  });

  it('forgets what it has not heard of for longest when there are too many', () => {
    const log = new AttemptLog();
    for (let sequence = 1; sequence <= 1_000; sequence++) log.failed(sequence);
    log.failed(1);
    log.failed(1_001);
    expect([log.failed(2), log.failed(1)]).toEqual([1, 3]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { OutageWatch } from './outage-watch.ts';

describe('OutageWatch', () => {
  it('calls an outage long when it has gone on for the given time, for this type only', () => {
    const watch = new OutageWatch(60);
    watch.away('a', 0);
    watch.away('a', 59);
    expect([watch.isLong('a', 59), watch.anyLong(59)]).toEqual([false, false]);
    expect([watch.isAway('a', 59), watch.isAway('b', 59), watch.isAway('a', 120)]).toEqual([
      true,
      false,
      false,
    ]);
    watch.away('a', 60);
    expect([watch.isLong('a', 60), watch.anyLong(60)]).toEqual([true, true]);
    expect(watch.isLong('b', 60)).toBe(false);
  });

  it('ends it with the first message of the type that is handled', () => {
    const watch = new OutageWatch(60);
    for (const now of [0, 40, 80]) watch.away('a', now);
    watch.handled('b');
    expect(watch.isLong('a', 80)).toBe(true);
    watch.handled('a');
    expect(watch.anyLong(80)).toBe(false);
  });

  it('ends it when nothing more is heard of it', () => {
    const watch = new OutageWatch(60);
    for (const now of [0, 40, 80]) watch.away('a', now);
    expect([watch.anyLong(140), watch.anyLong(141)]).toEqual([true, false]);
    watch.away('a', 200);
    expect(watch.anyLong(200)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { FixedClock } from './fixed-clock.ts';

describe('FixedClock', () => {
  it('stands still until it is moved', () => {
    const clock = new FixedClock('2026-03-10T12:00:00Z');
    const before = clock.now();
    clock.advance(90_000);
    expect(before).toEqual(new Date('2026-03-10T12:00:00Z'));
    expect(clock.now()).toEqual(new Date('2026-03-10T12:01:30Z'));
    clock.set('2026-01-01T00:00:00-03:00');
    expect(clock.now()).toEqual(new Date('2026-01-01T03:00:00Z'));
  });

  it('refuses text that is not an instant', () => {
    expect(() => new FixedClock('amanhã')).toThrow(RangeError);
  });
});

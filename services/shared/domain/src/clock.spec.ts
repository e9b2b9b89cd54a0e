import { describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.ts';

describe('the clock of the machine', () => {
  it('tells what time it is', () => {
    const [antes, agora, depois] = [Date.now(), systemClock.now().getTime(), Date.now()];
    expect([antes <= agora, agora <= depois]).toEqual([true, true]);
  });
});

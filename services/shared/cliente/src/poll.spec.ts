import { describe, expect, it } from '@jest/globals';
import { poll } from './poll.ts';

describe('poll', () => {
  const counter = () => {
    let n = 0;
    return async () => ++n;
  };

  it('asks until the answer is the one', async () => {
    expect(await poll(counter(), { until: (n) => n === 3, intervalMs: 1 })).toBe(3);
  });

  it('says what was not waited for any longer', async () => {
    const never = () => false;
    await expect(poll(counter(), { until: never, intervalMs: 1, timeoutMs: 5 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    const signal = AbortSignal.abort();
    await expect(poll(counter(), { until: never, signal })).rejects.toMatchObject({ code: 'canceled' });
  });
});

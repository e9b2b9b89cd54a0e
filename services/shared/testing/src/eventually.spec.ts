import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('resolves when the assertion holds after some attempts', async () => {
    let attempts = 0;
    await eventually(
      () => {
        attempts += 1;
        expect(attempts).toBe(3);
      },
      { intervalMs: 1 },
    );
    expect(attempts).toBe(3);
  });

  it('throws the last failure when the time is over', async () => {
    let attempts = 0;
    const failing = eventually(
      async () => {
        attempts += 1;
        throw new Error(`attempt ${attempts}`);
      },
      { timeoutMs: 20, intervalMs: 1 },
    );
    await expect(failing).rejects.toThrow(/^attempt \d+$/);
    expect(attempts).toBeGreaterThan(1);
  });

  it('throws when an attempt never settles', async () => {
    const stuck = eventually(() => new Promise<void>(() => {}), { timeoutMs: 20 });
    await expect(stuck).rejects.toThrow('did not settle within 20 ms');
  });
});

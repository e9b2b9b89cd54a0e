import { availableParallelism } from 'node:os';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withinTime } from '@plataforma/runtime/call-time';
import { type HashWork, watchHashes } from '../../../test/support/hash-work.ts';
import { Argon2Hasher, HASHES_AT_ONCE } from './argon2-hasher.ts';

const NOT_A_HASH = '$argon2id$broken';
const BUSY = { code: 'ESEMLOCKED' };

let hasher: Argon2Hasher;
let work: HashWork;

beforeAll(async () => {
  hasher = new Argon2Hasher();
  // What it compares a missing hash with is made beside everything else.
  await hasher.verify(undefined, 'x', 'ana');
});

beforeEach(() => {
  work = watchHashes();
});

afterEach(() => {
  work.stop();
  jest.restoreAllMocks();
});

describe('Argon2Hasher', () => {
  it('knows a password again however its letters were composed, and no other', async () => {
    const stored = await hasher.hash('sena\u0301ria', 'ana');
    expect(await hasher.verify(stored, 'sen\u00e1ria', 'ana')).toBe(true);
    expect(await hasher.verify(stored, 'sena\u0301ria', 'ana')).toBe(true);
    expect(await hasher.verify(stored, 'senaria', 'ana')).toBe(false);
  });

  it('compares the whole of 128 characters, and tells capitals from small letters (ASVS 6.2.8, 6.2.9)', async () => {
    const senha = 'Ab'.repeat(64);
    const stored = await hasher.hash(senha, 'ana');
    expect(await hasher.verify(stored, senha, 'ana')).toBe(true);
    expect(await hasher.verify(stored, `${senha.slice(0, -1)}c`, 'ana')).toBe(false);
    expect(await hasher.verify(stored, senha.slice(0, 72), 'ana')).toBe(false);
    expect(await hasher.verify(stored, senha.toLowerCase(), 'ana')).toBe(false);
    expect(await hasher.verify(stored, `${senha} `, 'ana')).toBe(false);
  });

  it('works for a missing hash as for a real one', async () => {
    expect(
      await work.during(async () => expect(await hasher.verify(undefined, 'x', 'ana')).toBe(false)),
    ).toBe(1);
  });

  it('leaves a thread of the pool, and a processor where there are several, to everything else', () => {
    expect(HASHES_AT_ONCE).toBeLessThan(4);
    expect(HASHES_AT_ONCE).toBe(Math.min(3, Math.max(1, availableParallelism() - 1)));
  });

  it('computes no more at once than that, whether they are made or compared', async () => {
    const three = (one: () => Promise<unknown>) => Array.from({ length: 3 }, one);
    await Promise.all([
      ...three(() => hasher.hash('x', 'ana')),
      ...three(() => hasher.verify(undefined, 'x', 'ana')),
    ]);
    expect(work.most).toBe(HASHES_AT_ONCE);
  });

  it('has 200 wait beside them, and no more', async () => {
    // One that has not measured yet how long a hash takes: 200 may be more than can be waited for.
    const hasher = new Argon2Hasher();
    const told = await Promise.allSettled(
      Array.from({ length: HASHES_AT_ONCE + 200 + 3 }, () => hasher.verify(NOT_A_HASH, 'x', 'ana')),
    );
    const reasons = told.map((one) => (one.status === 'rejected' ? one.reason : undefined));
    expect(reasons.slice(0, HASHES_AT_ONCE + 200)).not.toContainEqual(expect.objectContaining(BUSY));
    expect(reasons.slice(HASHES_AT_ONCE + 200)).toMatchObject([BUSY, BUSY, BUSY]);
  });

  it('has nobody wait for more than six seconds', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    const running = Array.from({ length: HASHES_AT_ONCE }, () => hasher.verify(NOT_A_HASH, 'x', 'ana'));
    const late = hasher.hash('x', 'ana');
    now.mockReturnValue(1);
    const inTime = hasher.hash('x', 'ana');
    now.mockReturnValue(6_001);
    await expect(late).rejects.toMatchObject(BUSY);
    await Promise.allSettled(running);
    expect(await inTime).toMatch(/^\$argon2id\$/);
  });

  it('has no call wait beyond seven tenths of its time, all its turns together', async () => {
    const stored = await hasher.hash('x', 'ana');
    const since = Date.now() - 6_900;
    await withinTime({ since, until: since + 10_000 }, async () => {
      const running = Array.from({ length: HASHES_AT_ONCE }, () => hasher.verify(stored, 'x', 'ana'));
      const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
      const late = hasher.hash('x', 'ana');
      now.mockReturnValue(performance.now() + 101);
      await expect(late).rejects.toMatchObject(BUSY);
      expect(await Promise.all(running)).toEqual(Array(HASHES_AT_ONCE).fill(true));
      jest.spyOn(Date, 'now').mockReturnValue(since + 7_001);
      const first = Array.from({ length: HASHES_AT_ONCE }, () => hasher.verify(stored, 'x', 'ana'));
      await expect(hasher.verify(stored, 'x', 'ana')).rejects.toMatchObject(BUSY);
      await Promise.all(first);
    });
  });

  it('does in one turn all that a call does with a password, whoever comes meanwhile', async () => {
    const done: string[] = [];
    const noted = (name: string) => () => void done.push(name);
    await Promise.all([
      ...Array.from({ length: HASHES_AT_ONCE - 1 }, () => hasher.verify(undefined, 'x', 'caio')),
      hasher.turno('ana', async (turno) => {
        await turno.verify(undefined, 'x');
        await turno.verify(undefined, 'x').then(noted('ana'));
      }),
      hasher.verify(undefined, 'x', 'bia').then(noted('bia')),
    ]);
    if (HASHES_AT_ONCE === 1) expect(done).toEqual(['ana', 'bia']);
    expect(done.sort()).toEqual(['ana', 'bia']);
  });
});

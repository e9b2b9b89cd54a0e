import { describe, expect, it } from '@jest/globals';
import type { Work } from '@plataforma/domain/work-queue';
import { inTurn, oneByOne } from './one-by-one.ts';

describe('oneByOne', () => {
  it('does those behind an item that cannot even be put off, and fails as a whole then', async () => {
    const done: string[] = [];
    const told: unknown[] = [];
    const work = oneByOne({
      due: async () => ['a', 'unstorable', 'b', 'bad', 'c'],
      async execute(item) {
        if (item === 'unstorable' || item === 'bad') throw new Error(`${item} failed`);
        done.push(item);
      },
      async putOff(item) {
        if (item === 'unstorable') throw new Error('not stored');
        return { item, failures: 1 };
      },
    });
    const look = work(50, ({ item }) => void told.push(item));
    await expect(look).rejects.toMatchObject({
      errors: [{ message: 'unstorable failed' }, { message: 'not stored' }],
    });
    expect([done, told]).toEqual([['a', 'b', 'c'], ['bad']]);
  });
});

describe('inTurn', () => {
  const fails = (message: string) => () => Promise.reject(new Error(message));

  /** What a look at these kinds comes to, and which failed how often in a row. */
  function looking(kinds: Record<string, Work>) {
    const told: string[] = [];
    const work = inTurn(kinds);
    return { told, look: () => work(50, ({ item, failures }) => void told.push(`${item} ${failures}`)) };
  }

  it('looks at each kind, and has done as much as the one that did most', async () => {
    const limits: number[] = [];
    const kind = (done: number) => async (limit: number) => {
      limits.push(limit);
      return done;
    };
    expect(await looking({ a: kind(0), b: kind(7), c: kind(3) }).look()).toBe(7);
    expect(limits).toEqual([50, 50, 50]);
  });

  it('goes on after a kind that fails, and tells of it until it works', async () => {
    let broken = true;
    const a = async () => (broken ? fails('broken')() : 1);
    const { told, look } = looking({ a, b: async () => 2 });
    expect([await look(), await look()]).toEqual([2, 2]);
    expect(told).toEqual(['a 1', 'a 2']);
    broken = false;
    await look();
    broken = true;
    await look();
    expect(told).toEqual(['a 1', 'a 2', 'a 1']);
  });

  it('fails when every kind does', async () => {
    const { told, look } = looking({ a: fails('no database'), b: fails('neither') });
    await expect(look()).rejects.toThrow('no database');
    expect(told).toEqual([]);
  });
});

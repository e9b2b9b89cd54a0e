import { describe, expect, it } from '@jest/globals';
import { Together } from './together.ts';

/** Work that fails for these whenever they are in it; what was dealt with together. */
function work(...bad: string[]) {
  const calls: string[][] = [];
  const together = new Together<string>(async (items) => {
    calls.push([...items]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const found = items.find((item) => bad.includes(item));
    if (found !== undefined) throw new Error(`${found} cannot be dealt with`);
  });
  const add = async (...items: string[]) => {
    const all = await Promise.allSettled(items.map((item) => together.add(item)));
    return items.filter((_, n) => all[n]?.status === 'fulfilled');
  };
  return { calls, add };
}

describe('Together', () => {
  it('deals with the first at once, and together with those that come meanwhile', async () => {
    const { calls, add } = work();
    expect(await add('a', 'b', 'c')).toEqual(['a', 'b', 'c']);
    expect(calls).toEqual([['a'], ['b', 'c']]);
  });

  it('deals with those that come later, too', async () => {
    const { calls, add } = work();
    await add('a');
    await add('b');
    expect(calls).toEqual([['a'], ['b']]);
  });

  it('tries each by itself when they fail together, and only the one that fails fails', async () => {
    const { calls, add } = work('c');
    expect(await add('a', 'b', 'c', 'd')).toEqual(['a', 'b', 'd']);
    expect(calls).toEqual([['a'], ['b', 'c', 'd'], ['b'], ['c'], ['d']]);
    expect(await add('e')).toEqual(['e']);
  });
});

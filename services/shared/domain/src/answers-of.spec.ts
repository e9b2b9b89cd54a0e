import { describe, expect, it } from '@jest/globals';
import { answersOf } from './answers-of.ts';

const after = <T>(turns: number, end: () => T): Promise<T> =>
  turns === 0 ? Promise.resolve().then(end) : Promise.resolve().then(() => after(turns - 1, end));

describe('answersOf', () => {
  it('answers in the order given, values among promises too', async () => {
    const [text, number, none] = await answersOf([after(3, () => 'a'), 1, after(0, () => undefined)]);
    expect([text.toUpperCase(), number.toFixed(), none]).toEqual(['A', '1', undefined]);
  });

  it('answers a list of any length', async () => {
    const numbers: number[] = await answersOf([1, 2, 3].map((n) => after(3 - n, () => n)));
    expect(numbers).toEqual([1, 2, 3]);
    expect(await answersOf([])).toEqual([]);
  });

  it('rejects with the first failure in the order given, once all have ended', async () => {
    const ended: string[] = [];
    const failing = (name: string, turns: number) =>
      after(turns, () => {
        ended.push(name);
        throw new Error(name);
      });
    const last = after(9, () => ended.push('last'));
    await expect(answersOf([failing('cause', 5), failing('consequence', 1), last])).rejects.toThrow('cause');
    expect(ended).toEqual(['consequence', 'cause', 'last']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { askedSeeds, type Seeds, seedsOf } from './seeds.ts';

describe('askedSeeds', () => {
  it('tries at least three from the first, for two and a half minutes, where nothing is said', () => {
    expect(askedSeeds({})).toEqual({ first: 1, minimum: 3, seconds: 150 });
  });

  it('tries as many as it is told and no more, from the one that it is told', () => {
    const env = { TORTURER_SEEDS: '1', TORTURER_FIRST_SEED: '23' };
    expect(askedSeeds(env)).toEqual({ first: 23, minimum: 1, seconds: 0 });
  });

  it('takes an empty variable for none', () => {
    const env = { TORTURER_SEEDS: '', TORTURER_FIRST_SEED: '', TORTURER_SECONDS: ' ' };
    expect(askedSeeds(env)).toEqual(askedSeeds({}));
    expect(askedSeeds({ ...env, TORTURER_SEEDS: '2' })).toMatchObject({ minimum: 2, seconds: 0 });
  });

  it('takes the time that it is given', () => {
    expect(askedSeeds({ TORTURER_SECONDS: '600' })).toEqual({ first: 1, minimum: 3, seconds: 600 });
    const env = { TORTURER_SECONDS: '600', TORTURER_SEEDS: '10' };
    expect(askedSeeds(env)).toMatchObject({ minimum: 10, seconds: 600 });
  });

  it.each(['TORTURER_SEEDS', 'TORTURER_SECONDS', 'TORTURER_FIRST_SEED'])(
    'refuses a %s that would try nothing',
    (name) => {
      for (const text of ['abc', '0', '-1', '1.5']) {
        const sentence = `${name} needs a whole number from 1 to 2147483647, not "${text}"`;
        expect(() => askedSeeds({ [name]: text })).toThrow(sentence);
      }
    },
  );
});

describe('seedsOf', () => {
  /** What comes when each schedule takes so many seconds. */
  function tried(asked: Seeds, seconds: number): number[] {
    let now = 0;
    const tried: number[] = [];
    for (const seed of seedsOf(asked, 10, () => now)) {
      tried.push(seed);
      now += seconds * 1000;
    }
    return tried;
  }

  it('gives each scenario its share of the time', () => {
    expect(tried({ first: 7, minimum: 3, seconds: 60 }, 1)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('never gives less than the minimum, however slow the machine is', () => {
    expect(tried({ first: 1, minimum: 3, seconds: 60 }, 100)).toEqual([1, 2, 3]);
  });

  it('gives exactly the number that was asked for when no time is given', () => {
    expect(tried({ first: 1, minimum: 2, seconds: 0 }, 0)).toEqual([1, 2]);
  });
});

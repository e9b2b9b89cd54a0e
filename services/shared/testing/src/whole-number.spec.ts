import { describe, expect, it } from '@jest/globals';
import { wholeNumber } from './whole-number.ts';

describe('wholeNumber', () => {
  it('reads what the variable says, its bounds included', () => {
    expect(wholeNumber({ ROUNDS: ' 12 ' }, 'ROUNDS', { default: 3 })).toBe(12);
    expect(wholeNumber({ ROUNDS: '2' }, 'ROUNDS', { default: 3, min: 2 })).toBe(2);
    expect(wholeNumber({ ROUNDS: '2147483647' }, 'ROUNDS', { default: 3 })).toBe(2_147_483_647);
  });

  it.each([{}, { ROUNDS: '' }, { ROUNDS: ' ' }])('takes the default where nothing is said: %j', (env) => {
    expect(wholeNumber(env, 'ROUNDS', { default: 3, min: 1 })).toBe(3);
  });

  it.each(['abc', '3x', '1.5', '-1', '1e3', '0x10', 'NaN', 'Infinity', '1', '2147483648'])(
    'refuses "%s" in one sentence',
    (ROUNDS) => {
      expect(() => wholeNumber({ ROUNDS }, 'ROUNDS', { default: 3, min: 2 })).toThrow(
        new RangeError(`ROUNDS needs a whole number from 2 to 2147483647, not "${ROUNDS}"`),
      );
    },
  );
});

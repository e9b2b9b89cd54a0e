import { describe, expect, it } from '@jest/globals';
import {
  asBoolean,
  asInteger,
  asList,
  asSettings,
  asString,
  asStrings,
  EdgeConfigError,
  onlyKeys,
  onlyValue,
} from './config-checks.ts';

describe('what kong.yml may hold', () => {
  it.each([
    ['a whole number from 0 up', asInteger, [0, 5], [-1, 1.5, '5', Number.NaN, undefined]],
    ['a text that is not empty', asString, ['x', ' '], ['', 1, null, undefined]],
    ['an object', asSettings, [{}], [null, [], 'x', undefined]],
  ])('as %s', (_, read, good, bad) => {
    for (const value of good) expect(read(value, 'onde')).toBe(value);
    for (const value of bad) expect(() => read(value, 'onde')).toThrow(EdgeConfigError);
  });

  it('as a list, empty when it is absent', () => {
    expect(asList([1, 'x'], 'onde')).toEqual([1, 'x']);
    expect([asList(undefined, 'onde'), asList(null, 'onde')]).toEqual([[], []]);
    expect(() => asList({}, 'onde')).toThrow('onde: expected a list');
    expect(() => asStrings(['x', 1], 'onde')).toThrow('onde: expected a text');
  });

  it('as true or false, and as a number, with a default when it is absent', () => {
    expect([asBoolean(undefined, 'onde', true), asBoolean(false, 'onde', true)]).toEqual([true, false]);
    expect([asInteger(undefined, 'onde', 7), asInteger(0, 'onde', 7)]).toEqual([7, 0]);
    expect(() => asBoolean('true', 'onde', true)).toThrow('onde: expected true or false');
  });

  it('under a known name, with a known value', () => {
    expect(() => onlyKeys({ a: 1 }, ['a', 'b'], 'onde')).not.toThrow();
    expect(() => onlyKeys({ a: 1, c: 2, d: 3 }, ['a'], 'onde')).toThrow('does not implement "c", "d"');
    expect(() => onlyValue({}, 'a', ['x'], 'onde')).not.toThrow();
    expect(() => onlyValue({ a: 'x' }, 'a', ['x'], 'onde')).not.toThrow();
    expect(() => onlyValue({ a: 'y' }, 'a', ['x'], 'onde')).toThrow('"a: y" is not implemented');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { luaNumberToJson, luaStringToJson, toLuaInteger } from './lua-values.ts';

describe('luaNumberToJson', () => {
  it.each([
    [0, '0'],
    [-1, '-1'],
    [99999999999999, '99999999999999'],
    [1e14, '1e+14'],
    [123456789012345, '1.2345678901234e+14'],
    [123456789012355, '1.2345678901236e+14'],
    [123456789012346, '1.2345678901235e+14'],
    [-9007199254740992, '-9.007199254741e+15'],
    [0.1, '0.1'],
    [0.10000000149011612, '0.10000000149012'],
    [1.5, '1.5'],
    [100.25, '100.25'],
    [1e-5, '1e-05'],
    [0.0001234, '0.0001234'],
    [1e100, '1e+100'],
    [12345678901234.5, '12345678901234'],
    [12345678901235.5, '12345678901236'],
  ])('prints %d as %s', (value, expected) => {
    expect(luaNumberToJson(value)).toBe(expected);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
    expect(() => luaNumberToJson(value)).toThrow(RangeError);
  });

  it('stays within 14 significant digits of any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = Number(luaNumberToJson(value));
        expect(Math.abs(printed - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-14 + Number.MIN_VALUE);
      }),
    );
  });
});

describe('luaStringToJson', () => {
  it('gives JSON that reads back as the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text).toString('latin1');
        const json = Buffer.from(luaStringToJson(bytes), 'latin1').toString('utf8');
        expect(JSON.parse(json)).toBe(Buffer.from(text).toString('utf8'));
      }),
    );
  });
});

describe('toLuaInteger', () => {
  it.each([
    [12.9, 12n],
    [-12.9, -12n],
    ['12', 12n],
    [' 12 ', 12n],
    ['12.5', 12n],
    ['0x10', 16n],
    ['1e3', 1000n],
    ['', 0n],
    ['#9007199254740993', 9007199254740993n],
    ['#-1', -1n],
  ])('reads %j as %s', (given, expected) => {
    expect(toLuaInteger(given)).toBe(expected);
  });

  it.each(['abc', '1 2', null, undefined, true, {}, [], 1e19, Number.NaN])(
    'finds no integer in %j',
    (given) => {
      expect(toLuaInteger(given)).toBeUndefined();
    },
  );
});

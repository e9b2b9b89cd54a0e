import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LuaJsonError, parseLuaJson } from './lua-json.ts';

const parse = (text: string) => parseLuaJson(Buffer.from(text));

describe('parseLuaJson', () => {
  it('reads what JSON.parse reads, and the same of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Through text, because objects here have no prototype; -0 is lost on both ways.
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['-nan', Number.NaN],
    ['Infinity', Infinity],
    ['-inf', -Infinity],
    ['0x10', 16],
    ['-0X1.8p1', -3],
    ['01', 1],
    ['1.', 1],
    ['+1', 1],
    ['1e3', 1000],
    ['12\0 e mais', 12],
    ['"a\nb\tc"', 'a\nb\tc'],
    ['"\\u00e9\\ud83d\\ude00\\/"', 'é😀/'],
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"__proto__":{"x":1}}', JSON.parse('{"__proto__":{"x":1}}')],
  ])('is as lenient as Kong with %j', (text, expected) => {
    expect(JSON.stringify(parse(text))).toBe(JSON.stringify(expected));
    if (typeof expected === 'number') expect(parse(text)).toBe(expected);
  });

  it.each([
    ['', 'Expected value but found T_END at character 1'],
    ['{"id":', 'Expected value but found T_END at character 7'],
    ['{"a":', 'Expected value but found T_END at character 6'],
    ['{id:1}', 'Expected object key string but found invalid token at character 2'],
    ['{', 'Expected object key string but found T_END at character 2'],
    ['{"a":1,}', 'Expected object key string but found T_OBJ_END at character 8'],
    ['{"a" 1}', 'Expected colon but found T_NUMBER at character 6'],
    ['{"a":1 "b"', 'Expected comma or object end but found T_STRING at character 8'],
    ['[1,]', 'Expected value but found T_ARR_END at character 4'],
    ['[1 2]', 'Expected comma or array end but found T_NUMBER at character 4'],
    ['1 2', 'Expected the end but found T_NUMBER at character 3'],
    ['tru', 'Expected value but found invalid token at character 1'],
    ['.5', 'Expected value but found invalid token at character 1'],
    ['-', 'Expected value but found invalid number at character 1'],
    ['+a', 'Expected value but found invalid number at character 1'],
    ['"abc', 'Expected value but found unexpected end of string at character 5'],
    ['"a\\x"', 'Expected value but found invalid escape code at character 3'],
    ['"\\ud800"', 'Expected value but found invalid unicode escape code at character 2'],
    ['"\\udc00"', 'Expected value but found invalid unicode escape code at character 2'],
    ['"\\u12g4"', 'Expected value but found invalid unicode escape code at character 2'],
    ['[1,2\0]', 'Expected comma or array end but found T_END at character 5'],
    ['\0{', 'JSON parser does not support UTF-16 or UTF-32'],
  ])('says what Kong says to %j', (text, message) => {
    expect(() => parse(text)).toThrow(new LuaJsonError(message));
  });

  it('goes a thousand levels deep, and no further', () => {
    expect(() => parse('['.repeat(1000) + ']'.repeat(1000))).not.toThrow();
    expect(() => parse('['.repeat(1001))).toThrow(
      'Found too many nested data structures (1001) at character 1001',
    );
  });
});

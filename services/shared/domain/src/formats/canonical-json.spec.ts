import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('is the same text for the same value, whatever the order of its members', () => {
    const text = '{"a":[1,"x",null,true],"b":{"c":"2026-01-02T03:04:05.000Z","d":1.5},"é":"\\n"}';
    const em = new Date('2026-01-02T03:04:05Z');
    expect(canonicalJson({ é: '\n', b: { d: 1.5, c: em }, a: [1, 'x', null, true] })).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it('leaves out members that are not there', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it.each([
    ['bytes', Buffer.from('hash')],
    ['a function', () => 0],
    ['no number', Number.NaN],
    ['a large integer', 1n],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});

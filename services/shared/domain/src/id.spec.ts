import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeId, encodeId, MAX_COUNTER } from './id.ts';

const key = Buffer.alloc(32, 7);

describe('encodeId', () => {
  it('answers the prefix and eight characters for any counter in range', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_COUNTER), (counter) => {
        expect(encodeId('res', counter, key)).toMatch(/^res_[0-9A-Za-z]{8}$/);
      }),
    );
  });

  it('is undone by decodeId', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_COUNTER), (counter) => {
        expect(decodeId('res', encodeId('res', counter, key), key)).toBe(counter);
      }),
    );
  });

  it('never repeats over consecutive counters', () => {
    const ids = new Set(Array.from({ length: 5_000 }, (_, n) => encodeId('res', BigInt(n), key)));
    expect(ids.size).toBe(5_000);
  });

  it('gives the same counter another identity under another key or prefix', () => {
    const id = encodeId('res', 1n, key);
    expect(encodeId('res', 1n, Buffer.alloc(32, 8))).not.toBe(id);
    expect(encodeId('pag', 1n, key).slice(4)).not.toBe(id.slice(4));
  });

  it('gives for ever what it has given', () => {
    expect(encodeId('res', 1n, key)).toBe('res_18O1Bkha');
  });

  it('has one for the last counter and for the last place', () => {
    const ultima = 'res_1FQfCxG3';
    expect(encodeId('res', decodeId('res', ultima, key), key)).toBe(ultima);
    expect(() => decodeId('res', 'res_1FQfCxG4', key)).toThrow(RangeError);
  });

  it('takes a key of 16 bytes, in either form, and no shorter one', () => {
    const [bastante, curta] = [Buffer.alloc(16, 7), Buffer.alloc(15, 7)];
    expect(encodeId('res', 1n, createSecretKey(bastante))).toBe(encodeId('res', 1n, bastante));
    for (const chave of [curta, createSecretKey(curta)])
      expect(() => encodeId('res', 1n, chave)).toThrow('at least 16 bytes');
  });

  it.each([
    ['a negative counter', () => encodeId('res', -1n, key)],
    ['a counter past the last', () => encodeId('res', MAX_COUNTER + 1n, key)],
    ['a short key', () => encodeId('res', 1n, Buffer.alloc(8))],
    ['a malformed prefix', () => encodeId('RES!', 1n, key)],
    ['a foreign prefix', () => decodeId('pag', encodeId('res', 1n, key), key)],
    ['a text that is no identity', () => decodeId('res', 'res_!!!!!!!!', key)],
  ])('refuses %s', (_, attempt) => {
    expect(attempt).toThrow(RangeError);
  });
});

import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeId, encodeId, IdRepetidoError, MAX_COUNTER, withNewId, withNewIds } from './id.ts';

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

describe('withNewId', () => {
  const counter = () => {
    let last = 0;
    return {
      async next(prefix: string) {
        last += 1;
        return `${prefix}_${last}`;
      },
    };
  };

  it('does the work again with the next identity when one is taken', async () => {
    const work = async (id: string) => {
      if (id === 'res_1') throw new IdRepetidoError('taken');
      return id;
    };
    expect(await withNewId(counter(), 'res', work)).toBe('res_2');
  });

  it('gives up with the fifth identity that is taken: there is more amiss than a counter that went back', async () => {
    const tried: string[] = [];
    const work = withNewId(counter(), 'res', async (id) => {
      tried.push(id);
      throw new IdRepetidoError(`${id} is taken`);
    });
    await expect(work).rejects.toThrow('res_5 is taken');
    expect(tried).toEqual(['res_1', 'res_2', 'res_3', 'res_4', 'res_5']);
  });

  it('does not try again what failed for another reason', async () => {
    const tried: string[] = [];
    const work = withNewId(counter(), 'res', async (id) => {
      tried.push(id);
      throw new Error('no such space');
    });
    await expect(work).rejects.toThrow('no such space');
    expect(tried).toEqual(['res_1']);
  });

  it('fetches all anew when one of several is taken', async () => {
    const work = async (ids: readonly string[]) => {
      if (ids.includes('not_2')) throw new IdRepetidoError('taken');
      return ids;
    };
    expect(await withNewIds(counter(), 'not', 2, work)).toEqual(['not_3', 'not_4']);
  });
});

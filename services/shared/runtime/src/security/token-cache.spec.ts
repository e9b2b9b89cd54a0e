import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../rpc/principal.ts';
import { TokenCache } from './token-cache.ts';

const of = (token: string): Principal => ({
  id: 'cli_1',
  tipo: 'USUARIO',
  papeis: [],
  geracao: 1,
  emitidoEm: new Date(0),
  token,
});

describe('TokenCache', () => {
  it('knows a token until it expires', () => {
    const cache = new TokenCache();
    cache.add(of('a'), 5_000, 0);
    expect(cache.get('a', 4_999)).toEqual(of('a'));
    expect(cache.get('a', 5_000)).toBeUndefined();
  });

  it('forgets a long-lived token after a minute', () => {
    const cache = new TokenCache();
    cache.add(of('a'), 3_600_000, 0);
    expect(cache.get('a', 59_999)).toBeDefined();
    expect(cache.get('a', 60_000)).toBeUndefined();
  });

  it('forgets the oldest token when it is full', () => {
    const cache = new TokenCache();
    for (let index = 0; index <= 5_000; index += 1) cache.add(of(`t${index}`), 1_000, 0);
    expect(cache.get('t0', 1)).toBeUndefined();
    expect(cache.get('t1', 1)).toBeDefined();
    expect(cache.get('t5000', 1)).toBeDefined();
  });

  it('does not know what it was not given', () => {
    expect(new TokenCache().get('a', 0)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { RefreshTokens } from './refresh-tokens.ts';

const SESSAO = '0f8fad5b-d9cb-469f-a165-70867728950e';
const tokens = new RefreshTokens({ rotation: Buffer.alloc(32, 1), origin: Buffer.alloc(32, 2) });

describe('a refresh token', () => {
  it('begins with 256 random bits, and no two are the same (ASVS 7.2.3)', () => {
    const made = Array.from({ length: 1_000 }, () => tokens.first(SESSAO).split('.')[1] ?? '');
    expect(new Set(made).size).toBe(made.length);
    expect(new Set(made.map((part) => Buffer.from(part, 'base64url').length))).toEqual(new Set([32]));
    const ones = made.map((part) => Buffer.from(part, 'base64url')).flatMap((bytes) => [...bytes]);
    const share =
      ones.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0) / (256 * made.length);
    // Of 256,000 fair coins: further off than this once in 10^24 runs.
    expect(Math.abs(share - 0.5)).toBeLessThan(0.01);
  });

  it('has one successor, which nobody computes without the key', () => {
    const token = tokens.first(SESSAO);
    const others = new RefreshTokens({ rotation: Buffer.alloc(32, 3), origin: Buffer.alloc(32, 2) });
    expect(tokens.successor(token)).toBe(tokens.successor(token));
    expect(others.successor(token)).not.toBe(tokens.successor(token));
  });

  it('is known as one that was made here, by its proof alone', () => {
    const token = tokens.first(SESSAO);
    expect(tokens.isGenuine(token)).toBe(true);
    expect(tokens.isGenuine(tokens.successor(token))).toBe(true);
    expect(tokens.isGenuine(token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'))).toBe(false);
    expect(tokens.isGenuine(token.split('.').slice(0, 2).join('.'))).toBe(false);
  });
});

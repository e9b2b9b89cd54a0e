import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { TokensAssinados } from './tokens.ts';

const tokens = new TokensAssinados(Buffer.alloc(32, 7));

describe('TokensAssinados', () => {
  it('finds its own tokens by the same print, also after a restart', () => {
    const { token, impressao } = tokens.novo();
    expect(new TokensAssinados(Buffer.alloc(32, 7)).impressao(token)).toEqual(impressao);
    expect(token).toMatch(/^[\w-]{64}$/);
  });

  it('makes another one every time', () => {
    expect(tokens.novo().token).not.toBe(tokens.novo().token);
  });

  it('knows a token no more when any one of its bits is another', () => {
    const bytes = Buffer.from(tokens.novo().token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const forjado = Buffer.from(bytes);
      forjado.writeUInt8(forjado.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(tokens.impressao(forjado.toString('base64url'))).toBeUndefined();
    }
  });

  it.each([
    ['empty', ''],
    ['too short', randomBytes(47).toString('base64url')],
    ['too long', randomBytes(49).toString('base64url')],
    ['of another alphabet', `${'A'.repeat(63)}.`],
    ['signed with another key', new TokensAssinados(Buffer.alloc(32, 8)).novo().token],
  ])('knows no token that is %s', (_, token) => {
    expect(tokens.impressao(token)).toBeUndefined();
  });
});

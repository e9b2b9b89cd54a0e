import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { TokensAssinados } from './tokens.ts';

const chave = (byte: number) => Buffer.alloc(32, byte);
const tokens = new TokensAssinados([chave(7)]);

describe('TokensAssinados', () => {
  it('finds its own tokens by the same print, also after a restart', () => {
    const { token, impressao } = tokens.novo();
    expect(new TokensAssinados([chave(7)]).impressao(token)).toEqual(impressao);
    expect(token).toMatch(/^[\w-]{64}$/);
  });

  it('takes those of earlier keys, and signs with the newest', () => {
    const { token, impressao } = tokens.novo();
    const depois = new TokensAssinados([chave(8), chave(7)]);
    expect(depois.impressao(token)).toEqual(impressao);
    expect(tokens.impressao(depois.novo().token)).toBeUndefined();
    expect(new TokensAssinados([chave(8)]).impressao(token)).toBeUndefined();
  });

  it('keeps the addresses of feeds that were given out before this key had a name of its own', () => {
    // Made under the key of ids alone, before there was CALENDAR_KEYS.
    const antigo = 'A'.repeat(43);
    const segredo = Buffer.from(antigo, 'base64url');
    const derivada = Buffer.from(hkdfSync('sha256', chave(7), '', 'reservas/calendarios/v1', 32));
    const assinatura = createHmac('sha256', derivada).update(segredo).digest().subarray(0, 16);
    const token = Buffer.concat([segredo, assinatura]).toString('base64url');
    expect(new TokensAssinados([chave(9), chave(7)]).impressao(token)).toBeDefined();
  });

  it('makes a token again from its seed, also behind a newer key, and no other key does', () => {
    const { semente, ...feito } = tokens.novo();
    expect(tokens.deSemente(semente)).toEqual([feito]);
    expect(new TokensAssinados([chave(8), chave(7)]).deSemente(semente)[1]).toEqual(feito);
    expect(new TokensAssinados([chave(8)]).deSemente(semente)).not.toContainEqual(feito);
    expect(feito.token).not.toContain(semente.slice(0, 12));
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
    ['signed with another key', new TokensAssinados([chave(8)]).novo().token],
  ])('knows no token that is %s', (_, token) => {
    expect(tokens.impressao(token)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { conhecido } from '../domain/aparelho.ts';
import { SignedDeviceTokens } from './device-tokens.ts';

const EMAIL = 'ana@exemplo.com';
const CONTA = { id: 'cli_ana', email: EMAIL, geracaoSenha: 40 };
const DAY_MS = 24 * 3_600_000;

function setUp() {
  const clock = new FixedClock('2026-11-24T12:00:00Z');
  return { clock, tokens: new SignedDeviceTokens({ key: Buffer.alloc(32, 7), clock }) };
}

describe('the token of a device', () => {
  it('is known again, also when it is renewed, until half a year after the last login', () => {
    const { clock, tokens } = setUp();
    const first = tokens.issue(CONTA);
    const aparelho = tokens.recognise(first, EMAIL);
    expect(aparelho).toEqual({
      ...{ nome: expect.stringMatching(/^[\w-]{16}$/), dono: expect.stringMatching(/^[0-9a-z]{7}$/) },
    });
    expect(conhecido(aparelho, tokens.dono(CONTA))).toBe(aparelho?.nome);
    for (const outra of [
      { ...CONTA, id: 'cli_bia' },
      { ...CONTA, geracaoSenha: 41 },
    ])
      expect(conhecido(aparelho, tokens.dono(outra))).toBeUndefined();
    expect(conhecido(aparelho, undefined)).toBeUndefined();
    clock.advance(179 * DAY_MS);
    const renewed = tokens.issue(CONTA, aparelho?.nome);
    clock.advance(DAY_MS);
    expect(tokens.recognise(first, EMAIL)).toBeUndefined();
    expect(tokens.recognise(renewed, EMAIL)).toEqual(aparelho);
  });

  it('is of one account, does not name it, and is no text that somebody makes up', () => {
    const { clock, tokens } = setUp();
    const token = tokens.issue(CONTA);
    expect(token).not.toContain('ana');
    expect(tokens.recognise(token, 'bia@exemplo.com')).toBeUndefined();
    const [aparelho, end, senha, tag] = token.split('.');
    const later = (Number.parseInt(end ?? '', 36) + 9).toString(36);
    for (const forged of [
      `${aparelho}.${later}.${senha}.${tag}`,
      `${aparelho}.${end}.0000015.${tag}`,
      `${aparelho}.${end}.${senha}.${'A'.repeat(43)}`,
      // As tokens were before they said with which password, and of which account.
      `${aparelho}.${end}.${tag}`,
      `${aparelho}.${end}.14.${tag}`,
      'x',
      '',
      `${token}x`,
    ])
      expect(tokens.recognise(forged, EMAIL)).toBeUndefined();
    const other = new SignedDeviceTokens({ key: Buffer.alloc(32, 8), clock });
    expect(other.recognise(token, EMAIL)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { SignedEmailCodes } from './email-codes.ts';

const em = new Date('2026-11-23T12:00:00Z');
const conta = { usuarioId: 'cli_1', email: 'ana@exemplo.com' };
const DAY_MS = 24 * 3_600_000;
const codes = new SignedEmailCodes(Buffer.alloc(32, 1));
const depois = (ms: number) => new Date(em.getTime() + ms);

describe('SignedEmailCodes', () => {
  it('name their account and work for seven days', () => {
    const codigo = codes.emitir(conta, em);
    expect(codes.conta(codigo)).toBe('cli_1');
    expect(codes.confere(codigo, conta, depois(7 * DAY_MS - 1))).toBe(true);
    expect(codes.confere(codigo, conta, depois(7 * DAY_MS))).toBe(false);
  });

  it('are void for another account, another address and another key', () => {
    const codigo = codes.emitir(conta, em);
    expect(codes.confere(codigo, { ...conta, usuarioId: 'cli_2' }, em)).toBe(false);
    expect(codes.confere(codigo, { ...conta, usuarioId: 'cli_12' }, em)).toBe(false);
    expect(codes.confere(codigo, { ...conta, email: 'bia@exemplo.com' }, em)).toBe(false);
    expect(new SignedEmailCodes(Buffer.alloc(32, 2)).confere(codigo, conta, em)).toBe(false);
  });

  it.each([
    '',
    'cli_1',
    'cli_1.zz.curto',
    `res_1.tizxyz.${'A'.repeat(43)}`,
    `cli_1.${'z'.repeat(9)}.${'A'.repeat(43)}`,
  ])('are none of %j', (codigo) => {
    expect(codes.confere(codigo, conta, em)).toBe(false);
  });
});

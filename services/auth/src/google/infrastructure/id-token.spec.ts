import { describe, expect, it } from '@jest/globals';
import type { IDToken } from 'openid-client';
import { identidadeFrom } from './id-token.ts';

const CLIENT = 'plataforma';
const claims: IDToken = {
  ...{ iss: 'https://emissor.test', sub: 'sujeito', aud: CLIENT, iat: 1, exp: 2 },
  ...{ email: 'kim@exemplo.com', email_verified: true, name: 'Kim' },
};
const emailDe = (mais: Partial<IDToken>) => identidadeFrom({ ...claims, ...mais }, CLIENT)?.emailVerificado;

describe('the address of an ID token', () => {
  it.each([
    ['as it is', 'kim@exemplo.com', 'kim@exemplo.com'],
    ['in capitals', ' KIM@Exemplo.com ', 'kim@exemplo.com'],
    ['with a domain in another script', 'Kim@exämple.com', 'kim@xn--exmple-cua.com'],
  ])('counts %s, in the form that accounts have it', (_, email, normal) => {
    expect(emailDe({ email })).toBe(normal);
  });

  it.each([
    ['the Kelvin sign for K', '\u212Aim@exemplo.com'],
    ['a dotted capital I', 'k\u0130m@exemplo.com'],
    ['a letter with a mark', 'k\u00EDm@exemplo.com'],
    ['a wide letter', '\uFF4Bim@exemplo.com'],
    ['a space', 'k im@exemplo.com'],
    ['no domain', 'kim@'],
    ['too many characters', `${'k'.repeat(250)}@exemplo.com`],
  ])('does not become another one by lower case, nor count at all, with %s', (_, email) => {
    expect(emailDe({ email })).toBeUndefined();
  });

  it('does not count where the issuer has not verified it', () => {
    expect(emailDe({ email_verified: false })).toBeUndefined();
  });
});

it('is of nobody when the token was made for another client', () => {
  expect(identidadeFrom({ ...claims, azp: 'outro' }, CLIENT)).toBeUndefined();
});

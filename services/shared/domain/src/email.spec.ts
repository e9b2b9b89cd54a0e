import { describe, expect, it } from '@jest/globals';
import { emailEmAscii, normalizarEmail } from './email.ts';

describe('an address in normal form', () => {
  it.each([
    ['case', 'ANA@Exemplo.com', 'ana@exemplo.com'],
    ['white space around it', ' ana@exemplo.com ', 'ana@exemplo.com'],
    ['dots, which are kept', 'a.n.a@gmail.com', 'a.n.a@gmail.com'],
    ['a plus sign, which is kept', 'ana+1@exemplo.com', 'ana+1@exemplo.com'],
    ['an international domain', 'ana@exämple.com', 'ana@xn--exmple-cua.com'],
    ['the same in capitals', 'ANA@EXÄMPLE.COM', 'ana@xn--exmple-cua.com'],
    ['the same with a mark beside its letter', 'ana@exa\u0308mple.com', 'ana@xn--exmple-cua.com'],
    ['the same as DNS has it', 'ana@XN--Exmple-CUA.com', 'ana@xn--exmple-cua.com'],
    ['a Brazilian one', 'ana@açaí.com.br', 'ana@xn--aa-4iaz.com.br'],
    ['the dots of other scripts', 'ana@exämple\u3002com', 'ana@xn--exmple-cua.com'],
    ['wide letters', 'ana@ｅｘｅｍｐｌｏ.com', 'ana@exemplo.com'],
    ['a name of two scripts, which is another one', 'ana@p\u0430ypal.com', 'ana@xn--pypal-4ve.com'],
  ])('has one form for %s', (_, escrito, normal) => {
    expect(normalizarEmail(escrito)).toBe(normal);
    expect(normalizarEmail(normal)).toBe(normal);
  });
});

/** As the contract asks of what comes out. */
const PLAIN =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

describe('an address that is none', () => {
  it.each([
    'ana@exämple.com/b.com',
    'ana@exämple.com\\b.com',
    'ana@exämple.com#b',
    'ana@exämple.com?b',
    'ana@exämple.com:80',
    'ana@ex%C3%A4mple.com',
    'ana@ä%41.com',
    'ana@exämple.com.',
    'ana@exämple.com\u3002',
    'ana@exämple..com',
    'ana@\u200Dä.com',
    'ana@ex\u00ADämple.com',
    'ana@☃.net',
    'ana@１.２',
    'ana@-ä_.com',
    `ana@${'é'.repeat(64)}.com`,
    'anã@exemplo.com',
    'ana\uFF20exämple.com',
    'exämple.com',
    'ana@',
  ])('does not become one: %j', (texto) => {
    expect(emailEmAscii(texto)).not.toMatch(PLAIN);
  });
});

it('lowers A to Z only: what is not ASCII becomes no letter of another address', () => {
  for (const texto of ['\u212Aim@exemplo.com', '\u0130na@exemplo.com', 'Ána@exemplo.com'])
    expect(normalizarEmail(texto)).toBe(texto);
  expect(normalizarEmail('\u212AIM@Exemplo.com')).toBe('\u212Aim@exemplo.com');
});

it('leaves everything that needs no change as it is', () => {
  for (const texto of ['Ana@Exemplo.com', 'x', '', 'a@b@c.com', 'ana@[::1]', 'ana@1.2.3.4'])
    expect(emailEmAscii(texto)).toBe(texto);
});

import { describe, expect, it } from '@jest/globals';
import { nomeDaConta } from './identidade.ts';

describe('the name of a new account', () => {
  it.each([
    ['Ana Lima', 'ana@exemplo.com', 'Ana Lima'],
    ['  ', 'ana@exemplo.com', 'ana'],
    ['', 'a@b.co', 'a@b.co'],
    ['x'.repeat(300), 'ana@exemplo.com', `${'x'.repeat(119)}…`],
    ['', `${'a'.repeat(200)}@exemplo.com`, `${'a'.repeat(119)}…`],
    ['😀', 'ana@exemplo.com', 'ana'],
    ['\u200b\u200b', 'ana@exemplo.com', 'ana'],
    ['a\u202eb', 'ana@exemplo.com', 'ana'],
    ['😀'.repeat(130), 'ana@exemplo.com', `${'😀'.repeat(119)}…`],
  ])('of "%s" <%s> is "%s"', (nome, email, esperado) => {
    expect(nomeDaConta(nome, email)).toBe(esperado);
  });
});

import { describe, expect, it } from '@jest/globals';
import { nomeDaConta } from './identidade.ts';

describe('the name of a new account', () => {
  it.each([
    ['Ana Lima', 'ana@exemplo.com', 'Ana Lima'],
    ['  ', 'ana@exemplo.com', 'ana'],
    ['', 'a@b.co', 'a@b.co'],
    ['x'.repeat(300), 'ana@exemplo.com', 'x'.repeat(120)],
    ['', `${'a'.repeat(200)}@exemplo.com`, 'a'.repeat(120)],
  ])('of "%s" <%s> is "%s"', (nome, email, esperado) => {
    expect(nomeDaConta(nome, email)).toBe(esperado);
  });
});

import { describe, expect, it } from '@jest/globals';
import { mascararEmail, mascararTelefone } from './mascara.ts';

describe('mascararEmail', () => {
  it.each([
    ['maria@exemplo.com', 'm***a@exemplo.com'],
    ['ana@exemplo.com', 'a***a@exemplo.com'],
    ['ab@exemplo.com', 'a***@exemplo.com'],
    ['a@exemplo.com', 'a***@exemplo.com'],
    ['😀x😀@exemplo.com', '😀***😀@exemplo.com'],
    ['"a@b"@exemplo.com', '"***"@exemplo.com'],
    ['@exemplo.com', '***'],
    ['sem-arroba', '***'],
    ['', '***'],
  ])('turns %j into %j', (email, mascarado) => {
    expect(mascararEmail(email)).toBe(mascarado);
  });
});

describe('mascararTelefone', () => {
  it.each([
    ['+5511987654321', '+55***4321'],
    ['+15005550006', '+15***0006'],
    ['+1234567', '***'],
    ['', '***'],
  ])('turns %j into %j', (numero, mascarado) => {
    expect(mascararTelefone(numero)).toBe(mascarado);
  });
});

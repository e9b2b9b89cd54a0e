import { describe, expect, it } from '@jest/globals';
import { mascararEmail } from './mascara.ts';

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

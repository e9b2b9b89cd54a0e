import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { emDinheiro, emDuracao, emFator } from './precificacao-textos.ts';

describe('the words of a price', () => {
  it.each([
    [0, 'R$\u00a00,00'],
    [5, 'R$\u00a00,05'],
    [50, 'R$\u00a00,50'],
    [1234_50, 'R$\u00a01.234,50'],
    [-5, '-R$\u00a00,05'],
    [-1234_50, '-R$\u00a01.234,50'],
  ])('show %i cents as %s', (centavos, texto) => {
    expect(emDinheiro(Dinheiro.deCentavos(centavos))).toBe(texto);
  });

  it('are exact for amounts that a number cannot hold, and name other currencies', () => {
    expect(emDinheiro(Dinheiro.deCentavos(9_007_199_254_740_993_01n))).toBe(
      'R$\u00a09.007.199.254.740.993,01',
    );
    expect(emDinheiro(Dinheiro.deCentavos(1_00, 'USD'))).toBe('US$\u00a01,00');
    expect(emDinheiro(Dinheiro.deCentavos(1_00))).toBe('R$\u00a01,00');
  });

  it.each([
    [150, '2 h 30 min'],
    [120, '2 h'],
    [60, '1 h'],
    [59, '59 min'],
    [1, '1 min'],
  ])('show %i minutes as %s', (minutos, texto) => {
    expect(emDuracao(minutos)).toBe(texto);
  });

  it.each([
    [150, '1,5'],
    [80, '0,8'],
    [125, '1,25'],
    [200, '2'],
  ])('show %i hundredths as %s', (centesimos, texto) => {
    expect(emFator(centesimos)).toBe(texto);
  });
});

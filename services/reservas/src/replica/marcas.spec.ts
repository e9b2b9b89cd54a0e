import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ordenavel } from './marcas.ts';

describe('ordenavel', () => {
  it('sorts texts as positions sort', () => {
    const metade = fc.nat(0xffffffff);
    const posicao = (alta: number, baixa: number) =>
      `${alta.toString(16)}/${baixa.toString(16)}`.toUpperCase();
    const numero = (alta: number, baixa: number) => BigInt(alta) * 2n ** 32n + BigInt(baixa);
    let soABaixa = 0;
    fc.assert(
      fc.property(metade, metade, fc.option(metade, { freq: 2 }), metade, (a, b, outra, d) => {
        const c = outra ?? a;
        if (a === c && b !== d) soABaixa += 1;
        const menor = ordenavel(posicao(a, b)) < ordenavel(posicao(c, d));
        expect(menor).toBe(numero(a, b) < numero(c, d));
      }),
    );
    expect(soABaixa).toBeGreaterThan(15);
  });
});

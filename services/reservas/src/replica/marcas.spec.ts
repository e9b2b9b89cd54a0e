import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ordenavel } from './marcas.ts';

describe('ordenavel', () => {
  it('sorts texts as positions sort', () => {
    const metade = fc.nat(0xffffffff);
    const posicao = (alta: number, baixa: number) =>
      `${alta.toString(16)}/${baixa.toString(16)}`.toUpperCase();
    const numero = (alta: number, baixa: number) => BigInt(alta) * 2n ** 32n + BigInt(baixa);
    fc.assert(
      fc.property(metade, metade, metade, metade, (a, b, c, d) => {
        const menor = ordenavel(posicao(a, b)) < ordenavel(posicao(c, d));
        expect(menor).toBe(numero(a, b) < numero(c, d));
      }),
    );
  });
});

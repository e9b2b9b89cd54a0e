import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escolherLotes, validadeDoCredito } from './credito.ts';

const LOTES = [
  { id: 'velho', restante: 500n },
  { id: 'gasto', restante: 0n },
  { id: 'novo', restante: 1_000n },
];

describe('escolherLotes', () => {
  it('takes the oldest credit first', () => {
    expect(escolherLotes(LOTES, 300n)).toEqual([{ lote: 'velho', centavos: 300n }]);
    expect(escolherLotes(LOTES, 700n)).toEqual([
      { lote: 'velho', centavos: 500n },
      { lote: 'novo', centavos: 200n },
    ]);
  });

  it('takes all there is when that is not enough, and nothing when nothing is asked for', () => {
    expect(escolherLotes(LOTES, 9_999n).reduce((soma, { centavos }) => soma + centavos, 0n)).toBe(1_500n);
    expect(escolherLotes(LOTES, 0n)).toEqual([]);
  });

  it('never takes more than is asked for or a lot holds', () => {
    const lotes = fc.array(fc.bigInt({ min: 0n, max: 1_000n }));
    fc.assert(
      fc.property(lotes, fc.bigInt({ min: 0n, max: 5_000n }), (restantes, pedido) => {
        const dados = restantes.map((restante, i) => ({ id: String(i), restante }));
        const escolhas = escolherLotes(dados, pedido);
        const soma = escolhas.reduce((total, { centavos }) => total + centavos, 0n);
        const saldo = restantes.reduce((total, restante) => total + restante, 0n);
        const basta = saldo >= pedido;
        expect(soma).toBe(basta ? pedido : saldo);
        for (const { lote, centavos } of escolhas)
          expect(centavos <= (restantes[Number(lote)] ?? 0n)).toBe(true);
      }),
    );
  });
});

describe('validadeDoCredito', () => {
  it('is 365 days', () => {
    expect(validadeDoCredito(new Date('2026-11-24T12:00:00Z'))).toEqual(new Date('2027-11-24T12:00:00Z'));
  });
});

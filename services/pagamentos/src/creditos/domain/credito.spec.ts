import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { creditosPara, escolherLotes, validadeDeVolta, validadeDoCredito } from './credito.ts';

const VELHO = { id: 'velho', restante: 500n };
const NOVO = { id: 'novo', restante: 1_000n };
const LOTES = [VELHO, { id: 'gasto', restante: 0n }, NOVO];
const centavos = (valor: number | bigint) => Dinheiro.deCentavos(valor);

describe('escolherLotes', () => {
  it('takes the oldest credit first', () => {
    expect(escolherLotes(LOTES, 300n)).toEqual([{ lote: VELHO, centavos: 300n }]);
    expect(escolherLotes(LOTES, 700n)).toEqual([
      { lote: VELHO, centavos: 500n },
      { lote: NOVO, centavos: 200n },
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
        for (const { lote, centavos } of escolhas) expect(centavos <= lote.restante).toBe(true);
      }),
    );
  });
});

describe('validadeDoCredito', () => {
  it('is 365 days', () => {
    expect(validadeDoCredito(new Date('2026-11-24T12:00:00Z'))).toEqual(new Date('2027-11-24T12:00:00Z'));
  });
});

describe('validadeDeVolta', () => {
  const em = new Date('2026-11-24T12:00:00Z');

  it.each([
    ['what is long good stays as it was', '2027-06-01T00:00:00Z', '2027-06-01T00:00:00Z'],
    ['what would end within 30 days lives for 30 days', '2026-12-24T11:59:59Z', '2026-12-24T12:00:00Z'],
    ['what has ended lives for 30 days', '2026-01-01T00:00:00Z', '2026-12-24T12:00:00Z'],
  ])('%s', (_, expiraEm, esperada) => {
    expect(validadeDeVolta(new Date(expiraEm), em)).toEqual(new Date(esperada));
  });
});

describe('creditosPara', () => {
  it.each([
    ['nothing when there is none', 10_000, 0, 0],
    ['all there is when it is not enough', 10_000, 3_000, 3_000],
    ['everything when it is enough', 10_000, 10_000, 10_000],
    ['no more than is charged', 10_000, 99_999, 10_000],
    ['as much as leaves the minimum to the card', 10_000, 9_950, 9_950],
    ['less when the rest would be below the minimum of the card', 10_000, 9_951, 9_950],
    ['less when one cent would be left', 10_000, 9_999, 9_950],
    ['nothing of a charge so small that the card pays it whole', 50, 49, 0],
    ['nothing rather than a negative amount', 30, 20, 0],
    ['all of a small charge that it covers', 30, 30, 30],
  ])('pays %s', (_, valor, disponivel, esperado) => {
    expect(creditosPara(centavos(valor), centavos(disponivel))).toEqual(centavos(esperado));
  });

  it('leaves nothing or at least the minimum to the card, and wastes no more than the minimum', () => {
    const valores = fc.bigInt({ min: 50n, max: 100_000n });
    /** As much as leaves less than the minimum to the card, or about that. */
    const quase = fc
      .tuple(valores, fc.bigInt({ min: 0n, max: 50n }))
      .map(([valor, falta]) => [valor, valor - falta]);
    const pares = fc.oneof(fc.tuple(valores, fc.bigInt({ min: 0n, max: 120_000n })), quase);
    let noMinimo = 0;
    fc.assert(
      fc.property(pares, ([valor = 0n, disponivel = 0n]) => {
        const usados = creditosPara(centavos(valor), centavos(disponivel)).centavos;
        const cartao = valor - usados;
        expect(usados >= 0n && usados <= disponivel && usados <= valor).toBe(true);
        expect(cartao === 0n || cartao >= 50n).toBe(true);
        if (usados < disponivel) expect(cartao === 0n || cartao === 50n).toBe(true);
        if (usados < disponivel && cartao === 50n) noMinimo += 1;
      }),
    );
    expect(noMinimo).toBeGreaterThan(10);
  });
});

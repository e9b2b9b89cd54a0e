import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import {
  creditosPara,
  dividirEstorno,
  escolherLotes,
  validadeDeVolta,
  validadeDoCredito,
} from './credito.ts';

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
    fc.assert(
      fc.property(valores, fc.bigInt({ min: 0n, max: 120_000n }), (valor, disponivel) => {
        const usados = creditosPara(centavos(valor), centavos(disponivel)).centavos;
        const cartao = valor - usados;
        expect(usados >= 0n && usados <= disponivel && usados <= valor).toBe(true);
        expect(cartao === 0n || cartao >= 50n).toBe(true);
        if (usados < disponivel) expect(cartao === 0n || cartao === 50n).toBe(true);
      }),
    );
  });
});

describe('dividirEstorno', () => {
  type Par = readonly [creditos: number, cartao: number];
  const partes = ([creditos, cartao]: Par) => ({ creditos: centavos(creditos), cartao: centavos(cartao) });
  const dividir = (valor: number, pago: Par, devolvido: Par = [0, 0]): Par => {
    const divisao = dividirEstorno(centavos(valor), partes(pago), partes(devolvido));
    return [Number(divisao.creditos.centavos), Number(divisao.cartao.centavos)];
  };

  it.each<[string, number, Par, Par, Par]>([
    ['everything', 10_000, [3_000, 7_000], [0, 0], [3_000, 7_000]],
    ['a half, in halves', 5_000, [3_000, 7_000], [0, 0], [1_500, 3_500]],
    ['half a cent as credit', 1, [1, 1], [0, 0], [1, 0]],
    ['the cent that was rounded before to the card', 1, [1, 1], [1, 0], [0, 1]],
    ['less than half a cent to the card', 1, [1, 2], [0, 0], [0, 1]],
    ['all to the card when no credit was used', 777, [0, 1_000], [0, 0], [0, 777]],
    ['all as credit when credit paid everything', 777, [1_000, 0], [0, 0], [777, 0]],
    ['to the card alone what the card has refused before', 3_500, [3_000, 7_000], [1_500, 0], [0, 3_500]],
    [
      'more as credit when the card has got more than its share',
      1_000,
      [3_000, 7_000],
      [0, 1_400],
      [720, 280],
    ],
    ['all that is left, whatever went back before', 3_100, [3_000, 7_000], [0, 6_900], [3_000, 100]],
    ['nothing when nothing was paid', 0, [0, 0], [0, 0], [0, 0]],
  ])('gives back %s', (_, valor, pago, devolvido, esperado) => {
    expect(dividir(valor, pago, devolvido)).toEqual(esperado);
  });

  const parte = fc.integer({ min: 0, max: 100_000 });

  it('is exact to the cent and in proportion, within half a cent, after each of any refunds', () => {
    fc.assert(
      fc.property(
        parte,
        parte,
        fc.array(fc.integer({ min: 0, max: 100 })),
        (creditos, cartao, percentuais) => {
          let [emCredito, noCartao] = [0, 0];
          for (const percentual of [...percentuais, 100]) {
            const valor = Math.round(((creditos + cartao - emCredito - noCartao) * percentual) / 100);
            const [mais, aoCartao] = dividir(valor, [creditos, cartao], [emCredito, noCartao]);
            expect(mais + aoCartao).toBe(valor);
            expect(Math.min(mais, aoCartao)).toBeGreaterThanOrEqual(0);
            emCredito += mais;
            noCartao += aoCartao;
            const proporcao = ((emCredito + noCartao) * creditos) / Math.max(creditos + cartao, 1);
            expect(Math.abs(emCredito - proporcao)).toBeLessThanOrEqual(0.5);
          }
          expect([emCredito, noCartao]).toEqual([creditos, cartao]);
        },
      ),
    );
  });

  it('never takes more than is left of a part, whatever has gone back before', () => {
    const fracao = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(parte, parte, fracao, fracao, fracao, (creditos, cartao, a, b, c) => {
        const devolvido: Par = [Math.floor(creditos * a), Math.floor(cartao * b)];
        const valor = Math.floor((creditos + cartao - devolvido[0] - devolvido[1]) * c);
        const [emCredito, noCartao] = dividir(valor, [creditos, cartao], devolvido);
        expect(emCredito + noCartao).toBe(valor);
        expect(Math.min(emCredito, noCartao)).toBeGreaterThanOrEqual(0);
        expect(emCredito).toBeLessThanOrEqual(creditos - devolvido[0]);
        expect(noCartao).toBeLessThanOrEqual(cartao - devolvido[1]);
      }),
    );
  });
});

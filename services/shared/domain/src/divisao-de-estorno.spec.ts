import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Dinheiro } from './dinheiro.ts';
import { dividirEstorno } from './divisao-de-estorno.ts';

const centavos = (valor: number) => Dinheiro.deCentavos(valor);

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
    const fracao = fc.integer({ min: 0, max: 100 }).map((percentual) => percentual / 100);
    let dosDois = 0;
    fc.assert(
      fc.property(parte, parte, fracao, fracao, fracao, (creditos, cartao, a, b, c) => {
        const devolvido: Par = [Math.floor(creditos * a), Math.floor(cartao * b)];
        const valor = Math.floor((creditos + cartao - devolvido[0] - devolvido[1]) * c);
        if (Math.min(valor, ...devolvido) > 0) dosDois += 1;
        const [emCredito, noCartao] = dividir(valor, [creditos, cartao], devolvido);
        expect(emCredito + noCartao).toBe(valor);
        expect(Math.min(emCredito, noCartao)).toBeGreaterThanOrEqual(0);
        expect(emCredito).toBeLessThanOrEqual(creditos - devolvido[0]);
        expect(noCartao).toBeLessThanOrEqual(cartao - devolvido[1]);
      }),
    );
    expect(dosDois).toBeGreaterThan(20);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Dinheiro } from './dinheiro.ts';

const cents = fc.bigInt(-(10n ** 12n), 10n ** 12n);

describe('Dinheiro', () => {
  it('adds and subtracts exactly', () => {
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const soma = Dinheiro.deCentavos(a).somar(Dinheiro.deCentavos(b));
        expect(soma.subtrair(Dinheiro.deCentavos(b)).centavos).toBe(a);
      }),
    );
  });

  it.each([
    [1n, 1n, 2n, 1n],
    [3n, 1n, 2n, 2n],
    [-1n, 1n, 2n, -1n],
    [5001n, 1n, 2n, 2501n],
    [100n, 1n, 3n, 33n],
    [200n, 1n, 3n, 67n],
    [10_000n, 150n, 100n, 15_000n],
  ])('rounds %s x %s/%s half-up to %s', (centavos, numerador, denominador, esperado) => {
    expect(Dinheiro.deCentavos(centavos).multiplicarFracao(numerador, denominador).centavos).toBe(esperado);
  });

  it('never strays more than half a cent from the exact product', () => {
    fc.assert(
      fc.property(cents, fc.bigInt(0n, 10_000n), fc.bigInt(1n, 10_000n), (valor, numerador, denominador) => {
        const { centavos } = Dinheiro.deCentavos(valor).multiplicarFracao(numerador, denominador);
        const erro = (centavos * denominador - valor * numerador) * 2n;
        expect(erro <= denominador && erro >= -denominador).toBe(true);
      }),
    );
  });

  it('refuses to mix currencies', () => {
    const [real, dolar] = [Dinheiro.deCentavos(1n), Dinheiro.deCentavos(1n, 'USD')];
    expect(() => real.somar(dolar)).toThrow('cannot mix BRL and USD');
    expect(() => real.subtrair(dolar)).toThrow('cannot mix BRL and USD');
  });

  it('refuses a code that is no currency and a denominator that is not positive', () => {
    expect(() => Dinheiro.deCentavos(1n, 'brl')).toThrow(RangeError);
    for (const denominador of [0n, -1n])
      expect(() => Dinheiro.zero().multiplicarFracao(1n, denominador)).toThrow('must be positive');
  });

  it('equals the same amount in the same currency only', () => {
    expect(Dinheiro.zero().equals(Dinheiro.zero())).toBe(true);
    expect(Dinheiro.zero().equals(Dinheiro.zero('USD'))).toBe(false);
    expect(Dinheiro.zero().equals(Dinheiro.deCentavos(1))).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { TipoTransacao } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import fc from 'fast-check';
import { movimentar, naturezaDe, SALDOS_ZERO } from './natureza.ts';

const tipos = Object.keys(TipoTransacao).filter((nome) => !/^\d+$|^UNSPECIFIED$/.test(nome));

describe('what a movement does to the balances', () => {
  it.each(tipos)('is known for %s', (tipo) => {
    expect(['pago', 'creditos']).toContain(naturezaDe(tipo).conta);
  });

  it('is not guessed for a kind that nobody knows', () => {
    expect(() => naturezaDe('TROCO')).toThrow('TROCO');
    expect(() => naturezaDe('toString')).toThrow('toString');
  });

  it('raises by a capture, lowers by a refund, and raises again by one that came back', () => {
    const depois = [
      ['CAPTURA', 100n],
      ['ESTORNO', 40n],
      ['ESTORNO_DEVOLVIDO', 40n],
    ] as const;
    expect(depois.reduce((saldos, [tipo, valor]) => movimentar(saldos, tipo, valor), SALDOS_ZERO)).toEqual({
      pago: 100n,
      creditos: 0n,
    });
  });

  it('is the same for many movements of a kind as for their sum', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tipos),
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n })),
        (tipo, valores) => {
          const umAUm = valores.reduce((saldos, valor) => movimentar(saldos, tipo, valor), SALDOS_ZERO);
          const soma = valores.reduce((total, valor) => total + valor, 0n);
          expect(umAUm).toEqual(movimentar(SALDOS_ZERO, tipo, soma));
        },
      ),
    );
  });
});

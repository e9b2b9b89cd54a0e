import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { fold } from '../domain/pagamento.ts';
import { decodeEstado, encodeEstado } from './snapshot-codec.ts';

const em = new Date('2026-11-24T12:00:00.123Z');
const valor = Dinheiro.deCentavos(2n ** 60n + 1n);

describe('snapshot codec', () => {
  it('gives a whole state back unchanged', () => {
    const estado = fold([
      {
        tipo: 'CobrancaCriada',
        pagamentoId: 'pag_1',
        reservaId: 'res_1',
        clienteId: 'cli_1',
        valor,
        creditos: Dinheiro.zero(),
        descricao: '{"$instante": "não é"}',
        expiraEm: em,
        em,
      },
      { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: em, em },
      { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'card_declined', em },
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em },
      { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, origem: 'ADMIN', motivo: 'x', em },
      { tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'fraudulent', valor, em },
    ]);
    expect(decodeEstado(JSON.parse(encodeEstado(estado)))).toEqual(estado);
  });

  it('gives nothing back as nothing, and a list of nothing as a list', () => {
    expect(decodeEstado({ a: null, b: [null, 1, [true]], c: {} })).toEqual({
      a: null,
      b: [null, 1, [true]],
      c: {},
    });
    expect(decodeEstado(null)).toBeNull();
    expect(encodeEstado({ a: null, b: [em] } as never)).toBe(
      `{"a":null,"b":[{"$instante":"${em.toISOString()}"}]}`,
    );
  });
});

import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { EventMeta } from '@plataforma/runtime/event-message';
import { pagamentosConsumer, reservasConsumer } from './acompanhamento-consumer.ts';

const meta: EventMeta = {
  id: 'evento',
  subject: 'pagamentos.v1.PagamentoRecusado',
  agregado: { tipo: 'pagamento', id: 'pag_1', versao: 7 },
  ocorridoEm: new Date('2026-11-20T12:00:00Z'),
  entrega: 1,
};

/**
 * What happened, in order: the end of the transaction, the call to the sender.
 *
 * @param escritas messages that a fact leads to
 */
function cenario(escritas = 1) {
  const passos: unknown[] = [];
  const deps = {
    registrar: {
      async execute() {
        passos.push('commit');
        return escritas;
      },
    },
    keys: { keyOf: async () => undefined },
    wake: () => void passos.push('wake'),
  };
  return { reservas: reservasConsumer(deps), pagamentos: pagamentosConsumer(deps), passos };
}

describe('what follows reservations', () => {
  it('listens to reservas and to pagamentos', () => {
    const { reservas, pagamentos } = cenario();
    expect(reservas).toMatchObject({
      durable: 'notificacoes-reservas',
      stream: 'RESERVAS',
      filter: 'reservas.v1.>',
    });
    expect(pagamentos).toMatchObject({
      durable: 'notificacoes-pagamentos',
      stream: 'PAGAMENTOS',
      filter: 'pagamentos.v1.>',
    });
  });

  it('has nothing to say of a card that was declined for good', async () => {
    const { pagamentos, passos } = cenario();
    const recusado = pagamentos.on.find(({ schema }) => schema === PagamentoRecusadoSchema);
    const dados = { reservaId: 'res_1', clienteId: 'cli_1' };
    await recusado?.handle(create(PagamentoRecusadoSchema, { ...dados, definitiva: true }), meta);
    expect(passos).toEqual([]);
    await recusado?.handle(create(PagamentoRecusadoSchema, dados), meta);
    expect(passos).toEqual(['commit', 'wake']);
  });

  it('takes the closing of a charge for the word that nothing goes back only when it had been paid', async () => {
    const { pagamentos, passos } = cenario();
    const fechada = pagamentos.on.find(({ schema }) => schema === CobrancaCanceladaSchema);
    const ocorridoEm = timestampFromDate(meta.ocorridoEm);
    const dados = { reservaId: 'res_1', clienteId: 'cli_1', ocorridoEm };
    await fechada?.handle(create(CobrancaCanceladaSchema, dados), meta);
    expect(passos).toEqual([]);
    await fechada?.handle(create(CobrancaCanceladaSchema, { ...dados, foiPaga: true }), meta);
    expect(passos).toEqual(['commit', 'wake']);
  });

  it('lets the sender rest when a fact led to no message', async () => {
    const { pagamentos, passos } = cenario(0);
    const criada = pagamentos.on.find(({ schema }) => schema === CobrancaCriadaSchema);
    await criada?.handle(create(CobrancaCriadaSchema, { reservaId: 'res_1', clienteId: 'cli_1' }), meta);
    expect(passos).toEqual(['commit']);
  });
});

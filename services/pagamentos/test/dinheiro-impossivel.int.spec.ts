import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import {
  PagamentoNaoAproveitadoSchema,
  ReservaCanceladaSchema,
  ReservaCriadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { PermanentError } from '@plataforma/runtime/event-message';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { deliver, type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';
import type { Session } from './stripe-server.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
const brl = (centavos: bigint) => ({ centavos, moeda: 'BRL' });
const PRAZO = timestampFromDate(new Date('2026-11-24T12:15:00Z'));
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let paga: { id: string; reservaId: string; session: Session };

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  paga = await pagar('res_paga');
});

afterAll(() => system.stop());

async function pagar(reservaId: string) {
  const pedido = { reservaId, clienteId: 'cli_1', valor: brl(10_000n), descricao: 'Sala', expiraEm: PRAZO };
  const { id } = await admin.criarCobranca(pedido);
  return { id, reservaId, session: await system.pagar(id) };
}

/** Everything that pagamentos has written about money, and what it has told the others of it. */
async function escrito(): Promise<unknown> {
  const [linha] = await system.dataSource.query(`
    select (select count(*) from eventos_pagamento) as eventos, (select count(*) from transacoes) as transacoes,
      (select count(*) from estornos) as estornos, (select count(*) from outbox where agregado_tipo = 'pagamento') as ditos`);
  return linha;
}

const criada = (mudanca: object) => ({
  reservaId: 'res_nova',
  clienteId: 'cli_1',
  espacoNome: 'Sala',
  fusoHorario: 'America/Sao_Paulo',
  dataInicio: PRAZO,
  expiraEm: PRAZO,
  ...mudanca,
});

const cancelada = (centavos: bigint, moeda: string) => ({
  reservaId: 'res_paga',
  clienteId: 'cli_1',
  reembolso: { centavos, moeda },
});

type Caso = readonly [string, DescMessage, object];

const CASOS: readonly Caso[] = [
  ['a charge of nothing', ReservaCriadaSchema, criada({ valor: brl(0n) })],
  ['a charge below nothing', ReservaCriadaSchema, criada({ valor: brl(-5n) })],
  ['a charge in dollars', ReservaCriadaSchema, criada({ valor: { centavos: 5n, moeda: 'USD' } })],
  ['a charge without an amount', ReservaCriadaSchema, criada({})],
  ['a refund below nothing', ReservaCanceladaSchema, cancelada(-1n, 'BRL')],
  ['a refund in dollars', ReservaCanceladaSchema, cancelada(5_000n, 'USD')],
  ['a refund beyond the capture', ReservaCanceladaSchema, cancelada(10_001n, 'BRL')],
  [
    'the return of a payment that is not here',
    PagamentoNaoAproveitadoSchema,
    { reservaId: 'res_paga', pagamentoId: 'pag_alheio', codigo: 'SLOT_OCUPADO' },
  ],
];

describe('an event that asks for impossible money', () => {
  it.each(CASOS)('goes to the dead letters and nothing is written: %s', async (_, schema, init) => {
    const antes = await escrito();
    const mensagem = init as MessageInitShape<DescMessage> & { reservaId: string };
    await expect(deliver(system.parts, schema, mensagem, 9)).rejects.toThrow(PermanentError);
    expect(await escrito()).toEqual(antes);
  });
});

describe('a webhook that tells of impossible money', () => {
  const intencao = (mudanca: object) => ({
    object: 'payment_intent',
    metadata: paga.session.metadata,
    amount_received: 10_000,
    currency: 'brl',
    ...mudanca,
  });

  it.each([
    ['CAPTURA_DUPLICADA', { id: 'pi_segunda' }],
    ['PAGAMENTO_NAO_ENCONTRADO', { id: 'pi_alheia', metadata: { pagamentoId: 'pag_alheio' } }],
  ])('is set aside for somebody to look at, as %s, and nothing is written', async (motivo, mudanca) => {
    const antes = await escrito();
    await system.deliverWebhook('payment_intent.succeeded', intencao(mudanca), `evt_${mudanca.id}`);
    const sql = 'select estado, erro from webhooks_stripe where id = $1';
    await system.workUntil(async () =>
      expect(await system.dataSource.query(sql, [`evt_${mudanca.id}`])).toEqual([
        { estado: 'ESTACIONADO', erro: motivo },
      ]),
    );
    expect(await escrito()).toEqual(antes);
  });

  it('has no effect when it is replayed under another identity', async () => {
    const antes = await escrito();
    const { payment_intent } = paga.session;
    await system.deliverWebhook('payment_intent.succeeded', intencao({ id: payment_intent }), 'evt_replay');
    const sql = `select estado from webhooks_stripe where id = 'evt_replay'`;
    await system.workUntil(async () =>
      expect(await system.dataSource.query(sql)).toEqual([{ estado: 'PROCESSADO' }]),
    );
    expect(await escrito()).toEqual(antes);
  });
});

import { create, type DescMessage, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  DevolucaoRecusadaSchema,
  EstornoConcluidoSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { eventHeaders } from '@plataforma/runtime/event-message';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { between, newReserva, storeEspaco } from '../reservas-fixture.ts';
import { startReservas } from '../reservas-under-test.ts';

let nats: NatsServer;
let bus: EventBus;
let sut: Awaited<ReturnType<typeof startReservas>>;
let uow: UnitOfWork<Transacao>;

beforeAll(async () => {
  [nats, sut] = await Promise.all([startNats(), startReservas()]);
  uow = createUnitOfWork(sut.dataSource);
  bus = await connectEventBus({ servers: nats.url, name: 'reservas-test', logger: sut.logger });
  await bus.ensureStream('PAGAMENTOS', ['pagamentos.v1.>']);
  await bus.ensureStream('DLQ', ['dlq.>']);
  for (const options of sut.parts.consumers ?? []) bus.consume(options);
});

afterAll(async () => {
  await bus.close();
  await Promise.all([nats.stop(), sut.close()]);
});

/** Publishes as pagamentos does, and gives the identity of the message. */
async function publicar<S extends DescMessage>(
  schema: S,
  init: MessageInitShape<S>,
  pagamentoId: string,
  versao: number,
) {
  const id = crypto.randomUUID();
  const fato = {
    id,
    assunto: schema.typeName,
    agregado: { tipo: 'pagamento', id: pagamentoId, versao },
    criadoEm: new Date(),
    cabecalhos: {},
  };
  const payload = toJsonString(schema, create(schema, init));
  await bus.publish({ id, subject: schema.typeName, payload, headers: eventHeaders(fato) });
  return id;
}

async function reservaSemCobranca() {
  const espaco = await storeEspaco(uow);
  const reserva = newReserva(espaco, between('2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z'));
  await uow.run((tx) => tx.reservas.add(reserva));
  return { reservaId: reserva.id, pagamentoId: `pag_${reserva.id}` };
}

async function historico(reservaId: string): Promise<string[]> {
  const rows: { evento: string }[] = await sut.dataSource.query(
    'select evento from reservas_historico where reserva_id = $1 order by versao',
    [reservaId],
  );
  return rows.map(({ evento }) => evento);
}

describe('events of pagamentos', () => {
  it('bring the charge, remember a declined card, and confirm', async () => {
    const ids = await reservaSemCobranca();
    await publicar(
      CobrancaCriadaSchema,
      { ...ids, checkoutUrl: 'https://pay.example/1' },
      ids.pagamentoId,
      1,
    );
    await publicar(PagamentoRecusadoSchema, { ...ids, codigo: 'card_declined' }, ids.pagamentoId, 2);
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 3);
    await eventually(async () => {
      expect(await historico(ids.reservaId)).toEqual([
        'ReservaCriada',
        'CobrancaRegistrada',
        'PagamentoRecusado',
        'ReservaConfirmada',
      ]);
    });
  });

  it('confirm once when the payment is announced twice and before its charge', async () => {
    const ids = await reservaSemCobranca();
    const mensagens = [
      await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 2),
      await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 2),
      await publicar(
        CobrancaCriadaSchema,
        { ...ids, checkoutUrl: 'https://pay.example/1' },
        ids.pagamentoId,
        1,
      ),
    ];
    await eventually(async () => {
      const lidas = await sut.dataSource.query('select 1 from inbox where mensagem_id = any($1)', [
        mensagens,
      ]);
      expect(lidas).toHaveLength(3);
    });
    expect(await historico(ids.reservaId)).toEqual(['ReservaCriada', 'ReservaConfirmada']);
  });

  it('change nothing when an old closing of the very charge that paid comes again', async () => {
    const ids = await reservaSemCobranca();
    await publicar(CobrancaCanceladaSchema, ids, ids.pagamentoId, 1);
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 2);
    const repetida = await publicar(CobrancaCanceladaSchema, ids, ids.pagamentoId, 3);
    await eventually(async () => {
      const lidas = await sut.dataSource.query('select 1 from inbox where mensagem_id = $1', [repetida]);
      expect(lidas).toHaveLength(1);
    });
    expect(await historico(ids.reservaId)).toEqual(['ReservaCriada', 'ReservaExpirada', 'ReservaConfirmada']);
  });

  it('free the slot of a hold that ran out, and follow the refund of a payment that came too late', async () => {
    const ids = await reservaSemCobranca();
    await publicar(CobrancaCanceladaSchema, ids, ids.pagamentoId, 1);
    await eventually(async () => {
      expect(await historico(ids.reservaId)).toEqual(['ReservaCriada', 'ReservaExpirada']);
    });
    await sut.dataSource.query(`update reservas set data_inicio = $2 where id = $1`, [
      ids.reservaId,
      '2026-06-02T08:00:00Z',
    ]);
    const estorno = { ...ids, numero: 1 };
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 2);
    await publicar(EstornoSolicitadoSchema, estorno, ids.pagamentoId, 3);
    await publicar(EstornoConcluidoSchema, estorno, ids.pagamentoId, 4);
    await eventually(async () => {
      expect(await historico(ids.reservaId)).toEqual([
        'ReservaCriada',
        'ReservaExpirada',
        'PagamentoNaoAproveitado',
        'EstornoAtualizado',
        'EstornoAtualizado',
      ]);
    });
  });

  it('show that a reservation stands although all its money went back', async () => {
    const ids = await reservaSemCobranca();
    const semPagamento = async () =>
      Number(/^reservas_sem_pagamento\{.*\} (\d+)$/m.exec(await sut.metrics.registry.metrics())?.[1]);
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 1);
    await eventually(async () => expect(await historico(ids.reservaId)).toContain('ReservaConfirmada'));
    const antes = await semPagamento();
    const [{ valor_centavos: centavos }] = await sut.dataSource.query(
      'select valor_centavos from reservas where id = $1',
      [ids.reservaId],
    );
    const valor = { centavos: BigInt(centavos), moeda: 'BRL' };
    await publicar(EstornoConcluidoSchema, { ...ids, numero: 1, valor }, ids.pagamentoId, 2);
    await eventually(async () => expect(await semPagamento()).toBe(antes + 1));
  });

  it('leave a reservation its money when the surplus of what was captured goes back', async () => {
    const ids = await reservaSemCobranca();
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 1);
    const excedente = { ...ids, numero: 1, valor: { centavos: 90_000n, moeda: 'BRL' }, excedente: true };
    await publicar(EstornoSolicitadoSchema, excedente, ids.pagamentoId, 2);
    await publicar(EstornoConcluidoSchema, excedente, ids.pagamentoId, 3);
    const parte = { ...ids, numero: 2, valor: { centavos: 1n, moeda: 'BRL' } };
    await publicar(EstornoSolicitadoSchema, parte, ids.pagamentoId, 4);
    const esperado = ['ReservaCriada', 'ReservaConfirmada', 'EstornoAtualizado'];
    await eventually(async () => expect(await historico(ids.reservaId)).toEqual(esperado));
    const [row] = await sut.dataSource.query(
      'select estornado_centavos, estorno_numero from reservas where id = $1',
      [ids.reservaId],
    );
    expect(row).toEqual({ estornado_centavos: '0', estorno_numero: 2 });
  });

  it('give back a payment beside the one that the reservation has', async () => {
    const ids = await reservaSemCobranca();
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 1);
    await publicar(PagamentoAprovadoSchema, { ...ids, pagamentoId: 'pag_outra' }, ids.pagamentoId, 2);
    await eventually(async () => {
      expect(await historico(ids.reservaId)).toEqual([
        'ReservaCriada',
        'ReservaConfirmada',
        'PagamentoNaoAproveitado',
      ]);
    });
  });

  it('give a payment of another amount back once, and end the hold', async () => {
    const ids = await reservaSemCobranca();
    const pago = { ...ids, valor: { centavos: 1n, moeda: 'BRL' } };
    await publicar(PagamentoAprovadoSchema, pago, ids.pagamentoId, 1);
    await publicar(PagamentoAprovadoSchema, pago, ids.pagamentoId, 2);
    await publicar(CobrancaCanceladaSchema, ids, ids.pagamentoId, 3);
    await eventually(async () => {
      const [{ total }] = await sut.dataSource.query(
        'select count(*)::int as total from saga_ocorrencias where reserva_id = $1',
        [ids.reservaId],
      );
      expect(total).toBe(3);
    });
    const esperado = ['ReservaCriada', 'PagamentoNaoAproveitado', 'ReservaExpirada'];
    expect(await historico(ids.reservaId)).toEqual(esperado);
    const [{ payload }] = await sut.dataSource.query(
      `select payload from outbox where agregado_id = $1 and assunto like '%PagamentoNaoAproveitado'`,
      [ids.reservaId],
    );
    expect(payload).toMatchObject({ pagamentoId: ids.pagamentoId, codigo: 'VALOR_DIVERGENTE' });
  });

  it('give back what was paid for a reservation that does not exist, and end there', async () => {
    const ids = { reservaId: 'res_inventada', clienteId: 'cli_1', pagamentoId: 'pag_inventada' };
    const valor = { centavos: 100n, moeda: 'BRL' };
    const estorno = { ...ids, numero: 1, valor };
    const mensagens = [
      await publicar(CobrancaCriadaSchema, { ...ids, checkoutUrl: 'https://pay' }, ids.pagamentoId, 1),
      await publicar(PagamentoRecusadoSchema, { ...ids, codigo: 'card_declined' }, ids.pagamentoId, 2),
      await publicar(PagamentoAprovadoSchema, { ...ids, valor }, ids.pagamentoId, 3),
      await publicar(EstornoSolicitadoSchema, estorno, ids.pagamentoId, 4),
      await publicar(EstornoConcluidoSchema, estorno, ids.pagamentoId, 5),
      await publicar(CobrancaCanceladaSchema, ids, ids.pagamentoId, 6),
      await publicar(DevolucaoRecusadaSchema, ids, ids.pagamentoId, 7),
    ];
    await eventually(async () => {
      const sql = 'select 1 from inbox where mensagem_id = any($1)';
      expect(await sut.dataSource.query(sql, [mensagens])).toHaveLength(mensagens.length);
    });
    const ditos = await sut.dataSource.query('select payload from outbox where agregado_id = $1', [
      ids.reservaId,
    ]);
    expect(ditos).toMatchObject([
      { payload: { pagamentoId: ids.pagamentoId, codigo: 'RESERVA_INEXISTENTE' } },
    ]);
  });

  it('become dead letters at once when the reservation cannot take them', async () => {
    const ids = await reservaSemCobranca();
    await publicar(PagamentoAprovadoSchema, ids, ids.pagamentoId, 1);
    await publicar(CobrancaCanceladaSchema, { ...ids, pagamentoId: 'pag_outra' }, ids.pagamentoId, 2);
    await eventually(async () => {
      const estado = await bus.connection().request('$JS.API.STREAM.INFO.DLQ', '{"subjects_filter":">"}');
      const { state } = estado.json<{ state: { subjects?: Record<string, number> } }>();
      expect(state.subjects).toEqual({ 'dlq.reservas-pagamentos.pagamentos.v1.CobrancaCancelada': 1 });
    });
    expect(await historico(ids.reservaId)).toEqual(['ReservaCriada', 'ReservaConfirmada']);
  });
});

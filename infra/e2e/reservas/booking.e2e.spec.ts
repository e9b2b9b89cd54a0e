import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { RestError } from '@plataforma/dev/demo/rest-client';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

describe('a booking over REST', () => {
  it('goes from the reservation to the confirmation and one e-mail with the calendar file', async () => {
    const customer = await platform.newCustomer();
    const created = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      status: 'PENDENTE_PAGAMENTO',
      valor: { centavos: expect.any(Number), moeda: 'BRL' },
    });
    await platform.pay(created.body);
    await eventually(async () => {
      const { status } = await platform.reserva(customer, created.body.id);
      expect(status).toBe('CONFIRMADA');
    });
    await eventually(async () => expect(await platform.emailsTo(customer.email)).toHaveLength(1));
    const { body } = await customer.rest.get<{ notificacoes: Array<{ status: string; reservaId: string }> }>(
      `/api/v1/notificacoes?reservaId=${created.body.id}`,
    );
    expect(body.notificacoes).toEqual([expect.objectContaining({ reservaId: created.body.id })]);
  });

  it('gives the price of the quote', async () => {
    const customer = await platform.newCustomer();
    const pedido = platform.nextSlot();
    const { body: cotacao } = await customer.rest.post<{ id: string; valor: object }>(
      '/api/v1/reservas/cotacao',
      pedido,
    );
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', {
      ...pedido,
      cotacaoId: cotacao.id,
    });
    expect(cotacao.id).toMatch(/^cot_[0-9A-Za-z]{8}$/);
    expect(reserva.id).toMatch(/^res_[0-9A-Za-z]{8}$/);
    expect(reserva.valor).toEqual(cotacao.valor);
  });

  it('survives a declined card: the customer pays with another one', async () => {
    const customer = await platform.newCustomer();
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    await fetch(`${reserva.checkoutUrl}/decline`, { method: 'POST', redirect: 'manual' });
    await eventually(async () => {
      const [row] = await platform.query<{ recusas: number }>(
        'pagamentos',
        `select count(*)::int as recusas from eventos_pagamento where tipo = 'CartaoRecusado' and fluxo like '%' || $1`,
        [reserva.pagamentoId],
      );
      expect(row?.recusas).toBe(1);
    });
    expect((await platform.reserva(customer, reserva.id)).status).toBe('PENDENTE_PAGAMENTO');
    await platform.pay(reserva);
    await eventually(async () =>
      expect((await platform.reserva(customer, reserva.id)).status).toBe('CONFIRMADA'),
    );
  });

  it('is made once when the same request comes twice under one idempotency key', async () => {
    const customer = await platform.newCustomer();
    const pedido = platform.nextSlot();
    const first = await customer.rest.post<ReservaRest>('/api/v1/reservas', pedido, 'chave-1');
    const second = await customer.rest.post<ReservaRest>('/api/v1/reservas', pedido, 'chave-1');
    expect(second).toEqual(first);
    const other = customer.rest.post('/api/v1/reservas', platform.nextSlot(), 'chave-1');
    await expect(other).rejects.toMatchObject({
      status: 409,
      body: { reason: 'CHAVE_IDEMPOTENCIA_REUTILIZADA' },
    });
  });

  it("is nobody else's to read", async () => {
    const owner = await platform.newCustomer();
    const stranger = await platform.newCustomer();
    const { body: reserva } = await owner.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    await expect(stranger.rest.get(`/api/v1/reservas/${reserva.id}`)).rejects.toMatchObject({
      status: 404,
      body: { code: 'not_found', reason: 'RESERVA_NAO_ENCONTRADA' },
    });
    await expect(stranger.rest.get(`/api/v1/pagamentos/${reserva.pagamentoId}`)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a booking over gRPC', () => {
  it('goes from the reservation to the confirmation', async () => {
    const customer = await platform.newCustomer();
    const { espacoId, dataInicio, dataFim } = platform.nextSlot();
    const client = createGrpcClient(ReservasService, {
      address: `127.0.0.1:${platform.stack.ports.RESERVAS_GRPC_PORT}`,
      timeoutMs: 10_000,
    });
    const headers = { authorization: `Bearer ${customer.token}` };
    try {
      const request = {
        espacoId,
        dataInicio: timestampFromDate(new Date(dataInicio)),
        dataFim: timestampFromDate(new Date(dataFim)),
      };
      const reserva = await client.criarReserva(request, { headers });
      expect(reserva.status).toBe(StatusReserva.PENDENTE_PAGAMENTO);
      await platform.pay({
        id: reserva.id,
        status: '',
        valor: { centavos: 0, moeda: '' },
        checkoutUrl: reserva.checkoutUrl,
      });
      await eventually(async () => {
        const { status } = await client.obterReserva({ reservaId: reserva.id }, { headers });
        expect(status).toBe(StatusReserva.CONFIRMADA);
      });
    } finally {
      client.close();
    }
  });
});

describe('two customers who want one slot', () => {
  it('get it exactly once, fifty times out of fifty', async () => {
    // So many that nobody wins more often than one customer may hold unpaid.
    const rivals: Customer[] = [];
    while (rivals.length < 40)
      rivals.push(...(await Promise.all([platform.newCustomer(), platform.newCustomer()])));
    const outcomes: string[] = [];
    for (let round = 0; round < 50; round++) {
      const pedido = platform.nextSlot();
      const pair = [rivals[(2 * round) % 40], rivals[(2 * round + 1) % 40]];
      const answers = await Promise.allSettled(
        pair.map((rival) => rival?.rest.post<ReservaRest>('/api/v1/reservas', pedido)),
      );
      const refusals = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [answer.reason as RestError] : [],
      );
      outcomes.push(
        refusals.map(({ status, body }) => `${status} ${(body as { reason: string }).reason}`).join(),
      );
    }
    expect(new Set(outcomes)).toEqual(new Set(['409 ESPACO_INDISPONIVEL']));
    const overlaps = await platform.query(
      'reservas',
      `select a.id from reservas a join reservas b on a.id < b.id and a.espaco_id = b.espaco_id
       and a.data_inicio < b.data_fim and b.data_inicio < a.data_fim where a.espaco_id = $1`,
      [platform.room.id],
    );
    expect(overlaps).toEqual([]);
  }, 60_000);
});

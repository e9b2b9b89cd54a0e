import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { create, type DescMessage, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { ReservaCanceladaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { eventHeaders } from '@plataforma/runtime/event-message';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import type { ReservaRest } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';

const PATIENTLY = { timeoutMs: 30_000 };

let platform: TestStack;
let bus: EventBus;
let admin: RestClient;

beforeAll(async () => {
  platform = await TestStack.start();
  const logger = createLogger({ service: 'e2e', level: 'silent' });
  bus = await connectEventBus({ servers: platform.stack.natsUrl, name: 'e2e', logger });
  admin = (await platform.admin()).rest;
}, 60_000);

afterAll(async () => {
  await bus?.close();
  await platform?.stop();
}, 60_000);

/** An event as reservas publishes it. */
async function publish<S extends DescMessage>(
  schema: S,
  init: MessageInitShape<S> & { readonly reservaId?: string },
  versao: number,
): Promise<void> {
  const id = randomUUID();
  const agregado = { tipo: 'reserva', id: String(init.reservaId), versao };
  const headers = eventHeaders({
    id,
    assunto: schema.typeName,
    agregado,
    criadoEm: new Date(),
    cabecalhos: {},
  });
  const payload = toJsonString(schema, create(schema, init));
  await bus.publish({ id, subject: schema.typeName, payload, headers });
}

async function reservar() {
  const customer = await platform.newCustomer();
  const { body } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
  let reserva = body;
  // Right after a restart of pagamentos the charge comes by the event, a moment later.
  await eventually(async () => {
    reserva = await platform.reserva(customer, body.id);
    expect(reserva.status).toBe('PENDENTE_PAGAMENTO');
  }, PATIENTLY);
  return { customer, reserva, clienteId: customer.id, reservaId: body.id };
}

interface Pagamento {
  readonly id: string;
  readonly status: string;
  readonly estornado: { readonly centavos: number };
}

async function pagamentoDe(reservaId: string): Promise<Pagamento> {
  const sql = 'select id from pagamentos where reserva_id = $1';
  const [row] = await platform.query<{ id: string }>('pagamentos', sql, [reservaId]);
  return (await admin.get<Pagamento>(`/api/v1/pagamentos/${row?.id}`)).body;
}

const arrive = (reservaId: string, status: string) =>
  eventually(async () => expect((await pagamentoDe(reservaId)).status).toBe(status), PATIENTLY);

/** What pagamentos has told the others of a reservation's payment. */
async function fatos(reservaId: string): Promise<string[]> {
  const sql = `select assunto from outbox where payload->>'reservaId' = $1 order by posicao`;
  const rows = await platform.query<{ assunto: string }>('pagamentos', sql, [reservaId]);
  return rows.map(({ assunto }) => assunto.replace('pagamentos.v1.', ''));
}

async function pago() {
  const reservado = await reservar();
  await platform.pay(reservado.reserva);
  await arrive(reservado.reservaId, 'APROVADO');
  return reservado;
}

describe('a reservation that expires unpaid', () => {
  it('cannot be paid any more once pagamentos has said that its charge is called off', async () => {
    const { reserva, reservaId, clienteId } = await reservar();
    await publish(EncerrarCobrancaSchema, { reservaId, clienteId }, 50);
    await arrive(reservaId, 'CANCELADO');
    expect(await fatos(reservaId)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
    await platform.pay(reserva);
    expect(await platform.ledgerOf(reservaId)).toBeUndefined();
  }, 60_000);

  it('is confirmed when the customer was faster, although Stripe could not tell us', async () => {
    const { customer, reserva, reservaId, clienteId } = await reservar();
    await platform.stripe({ webhooks: { paused: true } });
    await platform.pay(reserva);
    await publish(EncerrarCobrancaSchema, { reservaId, clienteId }, 50);
    await eventually(async () => {
      expect((await platform.reserva(customer, reservaId)).status).toBe('CONFIRMADA');
    }, PATIENTLY);
    await platform.stripe({ webhooks: { paused: false } });
    expect(await fatos(reservaId)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
  }, 60_000);

  it('is closed after Stripe was away and pagamentos was killed in between', async () => {
    const { reservaId, clienteId } = await reservar();
    await platform.stripe({
      faults: [{ path: '/v1/checkout/sessions/*/expire', failure: 'error', times: 2 }],
    });
    await publish(EncerrarCobrancaSchema, { reservaId, clienteId }, 50);
    await eventually(async () => {
      const sql = `select tipo from eventos_pagamento e join pagamentos p on p.id = e.fluxo
        where p.reserva_id = $1 and tipo = 'EncerramentoSolicitado'`;
      expect(await platform.query('pagamentos', sql, [reservaId])).toHaveLength(1);
    }, PATIENTLY);
    await platform.stack.service('pagamentos').kill();
    await platform.stack.service('pagamentos').restart();
    await arrive(reservaId, 'CANCELADO');
    expect((await fatos(reservaId)).filter((fato) => fato === 'CobrancaCancelada')).toHaveLength(1);
  }, 90_000);
});

describe('a refund', () => {
  it('gives back the exact amount of a cancellation, once, to the cent of the books of Stripe', async () => {
    const { customer, reservaId, clienteId, reserva } = await pago();
    const half = BigInt(reserva.valor.centavos / 2);
    const cancelada = { reservaId, clienteId, reembolso: { centavos: half, moeda: 'BRL' } };
    await platform.stripe({ webhooks: { duplicates: 2 } });
    await publish(ReservaCanceladaSchema, cancelada, 60);
    await publish(ReservaCanceladaSchema, cancelada, 60);
    await arrive(reservaId, 'ESTORNADO_PARCIAL');
    await platform.stripe({ webhooks: { duplicates: 0 } });
    expect(await platform.ledgerOf(reservaId)).toMatchObject({
      captured: reserva.valor.centavos,
      refunded: Number(half),
      refundPending: 0,
    });
    expect((await pagamentoDe(reservaId)).estornado.centavos).toBe(Number(half));
    expect((await fatos(reservaId)).slice(2)).toEqual(['EstornoSolicitado', 'EstornoConcluido']);
    const { body } = await customer.rest.get<{ transacoes: Array<{ tipo: string }> }>('/api/v1/transacoes');
    expect(body.transacoes.map(({ tipo }) => tipo).sort()).toEqual(['CAPTURA', 'ESTORNO']);
  }, 60_000);

  it('is asked for by an administrator over REST and never exceeds what was captured', async () => {
    const { reservaId, reserva } = await pago();
    const { id } = await pagamentoDe(reservaId);
    const path = `/api/v1/pagamentos/${id}/estornos`;
    const tooMuch = { motivo: 'cortesia', valor: { centavos: reserva.valor.centavos + 1, moeda: 'BRL' } };
    await expect(admin.post(path, tooMuch)).rejects.toMatchObject({
      status: 400,
      body: { reason: 'ESTORNO_ALEM_DO_CAPTURADO' },
    });
    await expect(admin.post(path, {})).rejects.toMatchObject({ status: 400 });
    const { body } = await admin.post<Pagamento>(path, { motivo: 'cortesia' });
    expect(body.id).toBe(id);
    // The refund is carried out as soon as it is on record, which may be before the answer is read.
    expect(['ESTORNO_PENDENTE', 'ESTORNADO']).toContain(body.status);
    await arrive(reservaId, 'ESTORNADO');
    expect(await platform.ledgerOf(reservaId)).toMatchObject({ refunded: reserva.valor.centavos });
  }, 60_000);

  it('is made once when the answer of Stripe was lost and pagamentos was killed', async () => {
    const { reservaId, clienteId, reserva } = await pago();
    const faults = [{ path: '/v1/refunds', method: 'POST', failure: 'cut', when: 'after', times: 2 }];
    await platform.stripe({ faults });
    const reembolso = { centavos: BigInt(reserva.valor.centavos), moeda: 'BRL' };
    await publish(ReservaCanceladaSchema, { reservaId, clienteId, reembolso }, 60);
    await eventually(async () => expect(await fatos(reservaId)).toContain('EstornoSolicitado'), PATIENTLY);
    await platform.stack.service('pagamentos').kill();
    await platform.stack.service('pagamentos').restart();
    await arrive(reservaId, 'ESTORNADO');
    expect(await platform.ledgerOf(reservaId)).toMatchObject({ refunded: reserva.valor.centavos });
    expect((await fatos(reservaId)).slice(2)).toEqual(['EstornoSolicitado', 'EstornoConcluido']);
  }, 90_000);

  it('fails in the open when the bank does not take it', async () => {
    const { reservaId } = await pago();
    const { id } = await pagamentoDe(reservaId);
    await platform.stripe({ refunds: { mode: 'pending' } });
    await admin.post(`/api/v1/pagamentos/${id}/estornos`, { motivo: 'cortesia' });
    const refund = async () => {
      const sql = `select refund_id from estornos where pagamento_id = $1 and situacao = 'PENDENTE'`;
      const [row] = await platform.query<{ refund_id: string }>('pagamentos', sql, [id]);
      return row?.refund_id;
    };
    await eventually(async () => expect(await refund()).toMatch(/^re_/), PATIENTLY);
    await platform.stripe({ refunds: { mode: 'succeeded' } });
    const settled = await fetch(`${platform.stripeUrl}/_controle/refunds/${await refund()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'failed' }),
      signal: AbortSignal.timeout(5_000),
    });
    expect(settled.status).toBe(200);
    await eventually(async () => expect(await fatos(reservaId)).toContain('EstornoFalhou'), PATIENTLY);
    expect((await pagamentoDe(reservaId)).status).toBe('APROVADO');
    const metrics = await fetch(`http://127.0.0.1:${platform.stack.ports.PAGAMENTOS_HTTP_PORT}/metrics`);
    expect(await metrics.text()).toMatch(/pagamentos_eventos_total\{tipo="EstornoFalhou".*\} 1/);
  }, 60_000);
});

describe('the commands of pagamentos', () => {
  async function command(name: string): Promise<string> {
    const env = {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: platform.stack.databases.pagamentos,
      STRIPE_SECRET_KEY: 'sk_test_local_stand_in',
      STRIPE_API_URL: platform.stripeUrl,
      CHECKOUT_SUCCESS_URL: platform.stripeUrl,
      CHECKOUT_CANCEL_URL: platform.stripeUrl,
    };
    const args = ['--conditions=source', `services/pagamentos/src/commands/${name}.ts`];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
    return stdout;
  }

  it('find the books whole, write the tables anew, and agree with Stripe', async () => {
    await pago();
    // The service goes on: what reservas tells it, and when it compares, is no projection.
    const tables = () =>
      platform.query(
        'pagamentos',
        `select to_jsonb(p) - 'aproveitado' - 'verificar_em' as linha from pagamentos p order by id`,
      );
    const before = await tables();
    expect(await command('verify-ledger')).toMatch(
      /^\d+ events of \d+ payments: nothing was tampered with\n$/,
    );
    expect(await command('rebuild-projections')).toMatch(/^\d+ payments rebuilt/);
    expect(await tables()).toEqual(before);
    expect(await command('reconcile')).toMatch(/^\d+ payments compared with Stripe, 0 differed\n$/);
  }, 60_000);
});

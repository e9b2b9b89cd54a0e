import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import { Stripe } from 'stripe';
import type { Session, StripeServer } from './stripe-server.ts';

/** What the steps of a payment are taken with. */
interface Actors {
  readonly clock: Clock;
  readonly stripe: StripeServer;
  readonly admin: Client<typeof PagamentosService>;
  postWebhook(body: string): Promise<Response>;
  /** Runs background work until `reached` passes. */
  workUntil(reached: () => Promise<void>): Promise<void>;
}

/** The way of a payment, step by step, for specs that are about something else. */
export function steps({ clock, stripe, admin, postWebhook, workUntil }: Actors) {
  let count = 0;

  /** What is asked for a new reservation: R$ 100.00, to be paid within a quarter of an hour. */
  const pedido = (clienteId = 'cli_1') => ({
    reservaId: `res_pedido${++count}`,
    clienteId,
    valor: { centavos: 10_000n, moeda: 'BRL' },
    descricao: 'Sala Azul',
    expiraEm: timestampFromDate(new Date(clock.now().getTime() + 15 * 60_000)),
  });

  const statusOf = async (pagamentoId: string) => (await admin.obterPagamento({ pagamentoId })).status;

  /** Background work goes on until the payment has come so far. */
  const reach = (pagamentoId: string, status: StatusPagamento) =>
    workUntil(async () => expect(await statusOf(pagamentoId)).toBe(status));

  /** Brings a webhook of Stripe, signed; each is another one unless `id` says otherwise. */
  async function deliverWebhook(type: string, object: object, id = `evt_passo${++count}`): Promise<void> {
    const event = { id, object: 'event', api_version: Stripe.API_VERSION, type, data: { object } };
    expect((await postWebhook(JSON.stringify(event))).status).toBe(200);
  }

  /** Pays a charge by card; pagamentos knows it in the end. */
  async function pagar(pagamentoId: string): Promise<Session> {
    const session = stripe.sessionOf(pagamentoId);
    stripe.pay(session);
    await deliverWebhook('checkout.session.completed', session);
    await reach(pagamentoId, StatusPagamento.APROVADO);
    return session;
  }

  return { pedido, statusOf, reach, deliverWebhook, pagar };
}

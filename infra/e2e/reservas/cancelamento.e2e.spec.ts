import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type Customer, type ReservaRest, TestStack } from '../plataforma/test-stack.ts';

let platform: TestStack;

beforeAll(async () => {
  platform = await TestStack.start();
}, 60_000);

afterAll(() => platform?.stop());

/** A line of the payment provider's own books. */
interface LedgerLine {
  readonly captured: number;
  readonly refunded: number;
  readonly metadata: { readonly reservaId?: string };
}

async function paidReservation(): Promise<{ customer: Customer; reserva: ReservaRest }> {
  const customer = await platform.newCustomer();
  const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
  await platform.pay(reserva);
  await becomes(customer, reserva.id, 'CONFIRMADA');
  return { customer, reserva };
}

async function becomes(customer: Customer, id: string, status: string): Promise<void> {
  await eventually(async () => expect((await platform.reserva(customer, id)).status).toBe(status), {
    timeoutMs: 30_000,
  });
}

/** What the payment provider's own books say about a reservation, in cents. */
async function ledger(reservaId: string): Promise<{ captured: number; refunded: number } | undefined> {
  const response = await fetch(`${platform.stripeUrl}/_controle/ledger`);
  const { lines } = (await response.json()) as { lines: LedgerLine[] };
  const line = lines.find(({ metadata }) => metadata.reservaId === reservaId);
  return line && { captured: line.captured, refunded: line.refunded };
}

async function holdIsOver(reservaId: string): Promise<void> {
  await platform.query(
    'reservas',
    `update reservas set expira_em = now() - interval '1 second' where id = $1`,
    [reservaId],
  );
}

describe('cancelling a paid reservation', () => {
  it('tells before what comes back, frees the slot at once and gives the money back', async () => {
    const { customer, reserva } = await paidReservation();
    const preview = await customer.rest.get<{
      permitido: boolean;
      percentualReembolso: number;
      reembolso: object;
    }>(`/api/v1/reservas/${reserva.id}/cancelamento`);
    expect(preview.body).toMatchObject({
      permitido: true,
      percentualReembolso: 100,
      reembolso: reserva.valor,
    });

    const cancelled = await customer.rest.post<ReservaRest>(`/api/v1/reservas/${reserva.id}/cancelar`, {
      motivo: 'Mudança de planos',
    });
    expect(cancelled.body.status).toBe('CANCELADA');
    await eventually(
      async () =>
        expect(await ledger(reserva.id)).toEqual({
          captured: reserva.valor.centavos,
          refunded: reserva.valor.centavos,
        }),
      { timeoutMs: 30_000 },
    );
    await eventually(async () => {
      const { body } = await customer.rest.get<{ status: string }>(
        `/api/v1/pagamentos/${reserva.pagamentoId}`,
      );
      expect(body.status).toBe('ESTORNADO');
    });
  }, 60_000);

  it('gives the money back once when it is cancelled twice', async () => {
    const { customer, reserva } = await paidReservation();
    const path = `/api/v1/reservas/${reserva.id}/cancelar`;
    await Promise.all([customer.rest.post(path, { motivo: 'a' }), customer.rest.post(path, { motivo: 'b' })]);
    await eventually(async () => expect((await ledger(reserva.id))?.refunded).toBe(reserva.valor.centavos), {
      timeoutMs: 30_000,
    });
    await paidReservation();
    expect((await ledger(reserva.id))?.refunded).toBe(reserva.valor.centavos);
  }, 60_000);
});

describe('a hold that runs out', () => {
  it('frees the slot for others once the checkout is closed', async () => {
    const slow = await platform.newCustomer();
    const pedido = platform.nextSlot();
    const { body: reserva } = await slow.rest.post<ReservaRest>('/api/v1/reservas', pedido);
    await holdIsOver(reserva.id);
    await becomes(slow, reserva.id, 'EXPIRADA');
    const page = await fetch(reserva.checkoutUrl ?? '');
    expect(page.status).toBe(410);
    const quick = await platform.newCustomer();
    const { status } = await quick.rest.post('/api/v1/reservas', pedido);
    expect(status).toBe(201);
  }, 60_000);

  it('becomes a confirmed reservation when the customer pays at the last moment', async () => {
    const customer = await platform.newCustomer();
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    await platform.stripe({ webhooks: { paused: true } });
    await platform.pay(reserva);
    await holdIsOver(reserva.id);
    await becomes(customer, reserva.id, 'CONFIRMADA');
    await platform.stripe({ webhooks: { paused: false } });
    await paidReservation();
    expect(await ledger(reserva.id)).toEqual({ captured: reserva.valor.centavos, refunded: 0 });
  }, 60_000);

  it('ends without a charge when payments were down all the time', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    expect(reserva.status).toBe('PENDENTE_COBRANCA');
    await holdIsOver(reserva.id);
    await becomes(customer, reserva.id, 'EXPIRANDO');
    await platform.stack.service('pagamentos').restart();
    await becomes(customer, reserva.id, 'EXPIRADA');
    expect(await ledger(reserva.id)).toBeUndefined();
  }, 90_000);
});

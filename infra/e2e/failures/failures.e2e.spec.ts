import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, ReservaRest } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';

let platform: TestStack;

beforeAll(async () => {
  platform = await TestStack.start();
}, 60_000);

afterAll(() => platform?.stop(), 60_000);

const CONFIRMATIONS = `select count(*)::int as total from outbox where assunto = 'reservas.v1.ReservaConfirmada' and agregado_id = $1`;

async function emailed(customer: Customer): Promise<void> {
  await eventually(async () => expect((await platform.emailsTo(customer.email)).length).toBeGreaterThan(0), {
    timeoutMs: 30_000,
  });
}

/** A later booking from start to e-mail: what was on its way before it has been worked on when it is through. */
async function anotherBookingGoesThrough(): Promise<void> {
  const customer = await platform.newCustomer();
  await platform.paid(customer);
  await emailed(customer);
}

async function expectToldOnce(customer: Customer, reservaId: string): Promise<void> {
  await anotherBookingGoesThrough();
  expect(await platform.query('reservas', CONFIRMATIONS, [reservaId])).toEqual([{ total: 1 }]);
  expect(await platform.emailsTo(customer.email)).toHaveLength(1);
}

describe('the same webhook three times', () => {
  it('gives one confirmation and one e-mail', async () => {
    const customer = await platform.newCustomer();
    const reserva = await platform.reserve(customer);
    await platform.stripe({ webhooks: { duplicates: 2, paused: true } });
    await platform.pay(reserva);
    // Of the intent and of the checkout.
    expect(await platform.webhooksWaiting()).toBe(2 * 3);
    await platform.stripe({ webhooks: { duplicates: 0, paused: false } });
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
    await emailed(customer);
    await eventually(async () => expect(await platform.webhooksWaiting()).toBe(0));
    await expectToldOnce(customer, reserva.id);
  }, 60_000);
});

describe('pagamentos killed between the webhook and the publication', () => {
  it('gives one confirmation and one e-mail once it is back', async () => {
    const customer = await platform.newCustomer();
    const reserva = await platform.reserve(customer);
    const approvals = () =>
      platform.query<{ sent: boolean }>(
        'pagamentos',
        `select enviado_em is not null as sent from outbox where assunto = 'pagamentos.v1.PagamentoAprovado' and payload->>'reservaId' = $1`,
        [reserva.id],
      );
    await platform.stack.servers.nats.stop();
    await platform.pay(reserva);
    await eventually(async () => expect(await approvals()).toEqual([{ sent: false }]));
    await platform.stack.service('pagamentos').kill();
    await platform.stack.servers.nats.restart();
    expect(await approvals()).toEqual([{ sent: false }]);
    expect((await platform.reserva(customer, reserva.id)).status).toBe('PENDENTE_PAGAMENTO');

    await platform.stack.service('pagamentos').restart();
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
    await emailed(customer);
    await expectToldOnce(customer, reserva.id);
  }, 90_000);
});

describe('a reservation made while pagamentos is down', () => {
  it('holds the slot as PENDENTE_COBRANCA and gets its charge when pagamentos is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const slot = platform.nextSlot();
    const { status, body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
    expect([status, reserva.status]).toEqual([201, 'PENDENTE_COBRANCA']);
    const rival = await platform.newCustomer();
    await expect(rival.rest.post('/api/v1/reservas', slot)).rejects.toMatchObject({ status: 409 });

    await platform.stack.service('pagamentos').restart();
    await platform.pay(await platform.becomes(customer, reserva.id, 'PENDENTE_PAGAMENTO'));
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
  }, 90_000);
});

describe('a booking whose e-mail cannot be sent yet', () => {
  it('is confirmed all the same, and the e-mail follows when notificacoes is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('notificacoes').kill();
    const reserva = await platform.reserve(customer);
    await platform.pay(reserva);
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
    await platform.stack.service('notificacoes').restart();
    await emailed(customer);
  }, 60_000);
});

describe('a hold that runs out', () => {
  it('becomes a confirmed reservation when the customer pays at the last moment', async () => {
    const customer = await platform.newCustomer();
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    await platform.stripe({ webhooks: { paused: true } });
    await platform.pay(reserva);
    await platform.expire(reserva.id);
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
    await platform.stripe({ webhooks: { paused: false } });
    await anotherBookingGoesThrough();
    expect(await platform.ledgerOf(reserva.id)).toMatchObject({
      captured: reserva.valor.centavos,
      refunded: 0,
    });
  }, 60_000);

  it('ends without a charge when payments were down all the time', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    expect(reserva.status).toBe('PENDENTE_COBRANCA');
    await platform.expire(reserva.id);
    await platform.becomes(customer, reserva.id, 'EXPIRANDO');
    await platform.stack.service('pagamentos').restart();
    await platform.becomes(customer, reserva.id, 'EXPIRADA');
    expect(await platform.ledgerOf(reserva.id)).toBeUndefined();
  }, 90_000);
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { Stripe } from 'stripe';
import { type StripeStandIn, startStripeStandIn } from './server.ts';
import { clientOf, SECRET, sessionParams, WebhookReceiver } from './spec-support.ts';

const PAYMENT = [
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'checkout.session.completed',
];

let receiver: WebhookReceiver;
let webhookUrl: string;
let standIn: StripeStandIn;
let stripe: Stripe;

beforeEach(async () => {
  receiver = new WebhookReceiver();
  webhookUrl = await receiver.start();
  standIn = await startStripeStandIn({
    webhookUrl,
    webhookSecrets: [SECRET],
    webhooks: { retryMinMs: 10, retryMaxMs: 20 },
  });
  stripe = clientOf(standIn);
});
afterEach(async () => {
  await standIn.stop();
  await receiver.stop();
});

const pay = async () => {
  const { id } = await stripe.checkout.sessions.create(sessionParams());
  return standIn.control.pay(id);
};
const idsSent = () => receiver.received.map(({ event }) => event.id);
const idsMade = () => standIn.control.events().map(({ event }) => event.id);
const deliveries = () => standIn.control.events().map(({ delivery }) => delivery);

describe('webhooks', () => {
  it('arrive in order, signed so that the SDK accepts them', async () => {
    const session = await pay();
    await eventually(() => expect(receiver.types).toEqual(PAYMENT));
    const { body, headers } = receiver.received[3] as (typeof receiver.received)[0];
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, SECRET);
    expect(event).toMatchObject({
      object: 'event',
      type: 'checkout.session.completed',
      api_version: Stripe.API_VERSION,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: { id: session.id, payment_status: 'paid', metadata: { reservaId: 'res_spec' } } },
    });
    expect(() =>
      stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, 'whsec_other'),
    ).toThrow();
    await eventually(async () => expect((await stripe.events.retrieve(event.id)).pending_webhooks).toBe(0));
  });

  it('carry the request and its key when an API call caused them', async () => {
    const { payment_intent } = await pay();
    const params = { payment_intent: payment_intent as string };
    const refund = await stripe.refunds.create(params, { idempotencyKey: 'estorno-1' });
    await eventually(() => expect(receiver.types).toContain('charge.refunded'));
    const sent = receiver.received.find(({ event }) => event.type === 'refund.created');
    expect(sent?.event).toMatchObject({
      request: { id: refund.lastResponse.requestId, idempotency_key: 'estorno-1' },
      data: { object: { id: refund.id } },
    });
  });

  it('are accepted with either secret while one is being rolled', async () => {
    standIn.control.set({ webhooks: { secrets: ['whsec_old', 'whsec_new'] } });
    await pay();
    await eventually(() => expect(receiver.received).toHaveLength(4));
    const { body, headers } = receiver.received[0] as (typeof receiver.received)[0];
    for (const secret of ['whsec_old', 'whsec_new']) {
      expect(stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, secret).id).toBe(
        idsMade()[0],
      );
    }
  });

  it('wait for a receiver that is down, and then come in order', async () => {
    const port = Number(new URL(webhookUrl).port);
    await receiver.stop();
    await pay();
    await eventually(() => expect(standIn.control.get().queue.waiting).toBe(4));
    receiver = new WebhookReceiver();
    await receiver.start(port);
    await eventually(() => expect(receiver.types).toEqual(PAYMENT));
    await eventually(() => expect(new Set(deliveries())).toEqual(new Set(['delivered'])));
  });

  it('are repeated with the same body and a fresh signature until they are accepted', async () => {
    receiver.status = () => (receiver.received.length <= 3 ? 500 : 200);
    await pay();
    await eventually(() => expect(receiver.received).toHaveLength(7));
    const first = receiver.received.slice(0, 4);
    expect(new Set(first.map(({ body }) => body)).size).toBe(1);
    expect(receiver.types.slice(3)).toEqual(PAYMENT);
  });

  it('let the others pass when one is refused again and again', async () => {
    receiver.status = ({ event }) => (event.type === 'charge.succeeded' ? 400 : 200);
    await pay();
    await eventually(() => expect(receiver.types).toContain('checkout.session.completed'));
    receiver.status = () => 200;
    await eventually(() => expect(new Set(deliveries())).toEqual(new Set(['delivered'])));
  });

  it('are given up after the time allowed, and can still be listed and sent again', async () => {
    standIn.control.set({ webhooks: { giveUpAfterMs: 30, enabledEvents: ['checkout.session.completed'] } });
    receiver.status = () => 503;
    await pay();
    await eventually(() => expect(deliveries()).toContain('failed'));
    const [failed] = (
      await stripe.events.list({ delivery_success: false, type: 'checkout.session.completed' })
    ).data;
    receiver.status = () => 200;
    standIn.control.redeliver(failed?.id as string);
    await eventually(() => expect(deliveries()).toEqual(['held', 'held', 'held', 'delivered']));
  });
});

describe('webhook switches', () => {
  it('duplicate each event as often as asked', async () => {
    standIn.control.set({ webhooks: { duplicates: 2, enabledEvents: ['checkout.session.completed'] } });
    await pay();
    await eventually(() => expect(receiver.received).toHaveLength(3));
    expect(new Set(idsSent()).size).toBe(1);
  });

  it('shuffle within the window, the same way for the same seed', async () => {
    const orders: string[][] = [];
    for (const _ of [1, 2]) {
      standIn.control.set({ seed: 0 });
      standIn.control.set({ seed: 7, webhooks: { reorder: { window: 4, withinMs: 5000 } } });
      const before = receiver.received.length;
      await pay();
      await eventually(() => expect(receiver.received).toHaveLength(before + 4));
      orders.push(receiver.types.slice(before));
    }
    expect(orders[0]).not.toEqual(PAYMENT);
    expect([...(orders[0] ?? [])].sort()).toEqual([...PAYMENT].sort());
    expect(orders[1]).toEqual(orders[0]);
  });

  it('send an unfilled window when its time is over', async () => {
    standIn.control.set({ webhooks: { reorder: { window: 100, withinMs: 50 } } });
    await pay();
    await eventually(() => expect(receiver.received).toHaveLength(4));
  });

  it('hold every event back for the delay', async () => {
    standIn.control.set({ webhooks: { delayMs: 300 } });
    const paidAt = Date.now();
    await pay();
    await eventually(() => expect(receiver.types).toEqual(PAYMENT));
    expect(Date.now() - paidAt).toBeGreaterThanOrEqual(300);
  });

  it('drop events, which then come only by redelivery', async () => {
    standIn.control.set({ webhooks: { dropProbability: 1 } });
    await pay();
    expect(deliveries()).toEqual(['dropped', 'dropped', 'dropped', 'dropped']);
    standIn.control.set({ webhooks: { dropProbability: 0 } });
    standIn.control.redeliver(idsMade()[3] as string);
    await eventually(() => expect(receiver.types).toEqual(['checkout.session.completed']));
    await eventually(() => expect(deliveries()).toEqual(['dropped', 'dropped', 'dropped', 'delivered']));
  });

  it('drop the same share of events for the same seed', async () => {
    const outcomes: string[][] = [];
    for (const _ of [1, 2]) {
      standIn.control.reset();
      standIn.control.set({ seed: 42, webhooks: { dropProbability: 0.5, paused: true } });
      for (let i = 0; i < 5; i += 1) await pay();
      outcomes.push(deliveries());
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(new Set(outcomes[0])).toEqual(new Set(['dropped', 'pending']));
  });

  it('stop everything while paused', async () => {
    standIn.control.set({ webhooks: { paused: true } });
    await pay();
    expect(deliveries()).toEqual(['pending', 'pending', 'pending', 'pending']);
    standIn.control.set({ webhooks: { paused: false } });
    await eventually(() => expect(receiver.types).toEqual(PAYMENT));
  });

  it('refuse a wrong value and change nothing', () => {
    const before = standIn.control.get();
    const wrong = { webhooks: { duplicates: 1, dropProbability: 2 } };
    expect(() => standIn.control.set(wrong)).toThrow('webhooks.dropProbability');
    expect(() => standIn.control.set({ webhook: {} } as never)).toThrow('webhook does not exist');
    expect(standIn.control.get()).toEqual(before);
  });
});

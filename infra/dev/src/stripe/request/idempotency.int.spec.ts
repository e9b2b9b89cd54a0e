import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { Stripe } from 'stripe';
import { type StripeStandIn, startStripeStandIn } from '../server.ts';
import { clientOf, errorOf, paidIntent, sessionParams } from '../spec-support.ts';

let clock: FixedClock;
let standIn: StripeStandIn;
let stripe: Stripe;

beforeEach(async () => {
  clock = new FixedClock('2026-03-10T12:00:00Z');
  standIn = await startStripeStandIn({ webhookSecrets: [], clock });
  stripe = clientOf(standIn);
});
afterEach(() => standIn.stop());

const withKey = (idempotencyKey: string) => ({ idempotencyKey });
const replayed = (response: { lastResponse: { headers?: unknown } }) =>
  (response.lastResponse as { headers: Record<string, string> }).headers['idempotent-replayed'];
const sessionCount = async () => (await stripe.checkout.sessions.list({ limit: 100 })).data.length;

describe('Idempotency-Key', () => {
  it('replays the first answer when key and parameters are the same', async () => {
    const first = await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    standIn.control.pay(first.id);
    const second = await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    expect(second).toEqual(first);
    expect([replayed(first), replayed(second)]).toEqual([undefined, 'true']);
    expect(await sessionCount()).toBe(1);
  });

  it('answers idempotency_error when the parameters differ', async () => {
    await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    const error = await errorOf(
      stripe.checkout.sessions.create(sessionParams({ locale: 'pt-BR' }), withKey('k1')),
    );
    expect(error).toMatchObject({
      statusCode: 400,
      type: 'StripeIdempotencyError',
      rawType: 'idempotency_error',
    });
  });

  it('answers idempotency_error when the endpoint differs', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    await stripe.checkout.sessions.expire(id, {}, withKey('k1'));
    const { id: other } = await stripe.checkout.sessions.create(sessionParams());
    expect(await errorOf(stripe.checkout.sessions.expire(other, {}, withKey('k1')))).toMatchObject({
      rawType: 'idempotency_error',
    });
    expect((await stripe.checkout.sessions.retrieve(other)).status).toBe('open');
  });

  it('answers 409 while the first call is in progress, and one object results', async () => {
    standIn.control.addFault({
      path: '/v1/checkout/sessions',
      method: 'POST',
      failure: 'slow',
      delayMs: 400,
    });
    const slow = stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    await untilFaultIsTaken();
    const error = await errorOf(stripe.checkout.sessions.create(sessionParams(), withKey('k1')));
    expect(error).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const retrying = clientOf(standIn, { maxNetworkRetries: 5 });
    expect((await retrying.checkout.sessions.create(sessionParams(), withKey('k1'))).id).toBe(
      (await slow).id,
    );
  });

  it('is free again when the parameters were refused', async () => {
    await errorOf(stripe.checkout.sessions.create(sessionParams({ success_url: 'x' }), withKey('k1')));
    const session = await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    expect(replayed(session)).toBeUndefined();
  });

  it('replays a refusal when the endpoint had begun its work', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    const intent = standIn.control.decline(id).payment_intent as string;
    const refund = { payment_intent: intent };
    const first = await errorOf(stripe.refunds.create(refund, withKey('k1')));
    standIn.control.pay(id);
    const second = await errorOf(stripe.refunds.create(refund, withKey('k1')));
    expect([second.statusCode, second.message]).toEqual([400, first.message]);
    expect((second.headers as Record<string, string>)['idempotent-replayed']).toBe('true');
    expect((await stripe.refunds.create(refund, withKey('k2'))).amount).toBe(15_000);
  });

  it('is forgotten after 24 hours', async () => {
    const first = await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    clock.advance(24 * 3_600_000);
    const second = await stripe.checkout.sessions.create(sessionParams(), withKey('k1'));
    expect(second.id).not.toBe(first.id);
  });

  it('is refused when it is longer than 255 characters', async () => {
    const error = await errorOf(stripe.checkout.sessions.create(sessionParams(), withKey('k'.repeat(256))));
    expect(error.statusCode).toBe(400);
  });
});

describe('faults', () => {
  const path = '/v1/refunds';

  it('lose only the answer when they come after the execution: the retry gets the same object', async () => {
    const payment_intent = await paidIntent(standIn, stripe);
    standIn.control.addFault({ path, failure: 'error', when: 'after' });
    expect(await errorOf(stripe.refunds.create({ payment_intent }, withKey('k1')))).toMatchObject({
      statusCode: 500,
    });
    const [made] = (await stripe.refunds.list({ payment_intent })).data;
    const retried = await stripe.refunds.create({ payment_intent }, withKey('k1'));
    expect(retried.id).toBe(made?.id);
    expect(replayed(retried)).toBe('true');
    expect(standIn.control.ledger().refunded).toBe(15_000);
  });

  it('leave nothing behind when they come before the execution', async () => {
    const payment_intent = await paidIntent(standIn, stripe);
    standIn.control.addFault({ path, failure: 'error', when: 'before', status: 503 });
    expect(await errorOf(stripe.refunds.create({ payment_intent }, withKey('k1')))).toMatchObject({
      statusCode: 503,
    });
    expect(standIn.control.ledger().refunded).toBe(0);
    expect(replayed(await stripe.refunds.create({ payment_intent }, withKey('k1')))).toBeUndefined();
  });

  it('are replayed with the key when the failure is sticky', async () => {
    const payment_intent = await paidIntent(standIn, stripe);
    standIn.control.addFault({ path, sticky: true });
    for (const _ of [1, 2]) {
      expect(await errorOf(stripe.refunds.create({ payment_intent }, withKey('k1')))).toMatchObject({
        statusCode: 500,
      });
    }
    expect(standIn.control.ledger().refunded).toBe(0);
  });

  it('cut the connection once the money is refunded, and the SDK retries with its own key', async () => {
    const payment_intent = await paidIntent(standIn, stripe);
    standIn.control.addFault({ path, failure: 'cut', when: 'after', times: 2 });
    const refund = await clientOf(standIn, { maxNetworkRetries: 3 }).refunds.create({
      payment_intent,
      amount: 100,
    });
    expect(replayed(refund)).toBe('true');
    expect(standIn.control.ledger().refunded).toBe(100);
  });

  it('close the connection half-way through the answer, once the money is refunded', async () => {
    const payment_intent = await paidIntent(standIn, stripe);
    standIn.control.addFault({ path, failure: 'torn', times: 2 });
    const error = await errorOf(stripe.refunds.create({ payment_intent, amount: 100 }, withKey('k1')));
    expect(error.statusCode).toBeUndefined();
    expect(standIn.control.ledger().refunded).toBe(100);
  });

  it('never answer when they are timeouts', async () => {
    standIn.control.addFault({ path, failure: 'timeout' });
    const error = await errorOf(clientOf(standIn, { timeout: 100 }).refunds.list());
    expect(error.type).toBe('StripeConnectionError');
  });

  it('answer 429 only so many times, and only on the path and method named', async () => {
    standIn.control.addFault({
      path: '/v1/checkout/sessions/*/expire',
      method: 'post',
      failure: 'rate_limit',
      times: 2,
    });
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    for (const _ of [1, 2]) {
      expect(await errorOf(stripe.checkout.sessions.expire(id))).toMatchObject({
        type: 'StripeRateLimitError',
        headers: { 'retry-after': '1' },
      });
    }
    expect((await stripe.checkout.sessions.expire(id)).status).toBe('expired');
  });
});

/** The slow call has reached the server when its fault is no longer armed. */
async function untilFaultIsTaken(): Promise<void> {
  while (standIn.control.get().faults.length > 0) await new Promise((resolve) => setImmediate(resolve));
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Stripe } from 'stripe';
import { type StripeStandIn, startStripeStandIn } from '../server.ts';
import { clientOf, errorOf, paidIntent, sessionParams } from '../spec-support.ts';

let standIn: StripeStandIn;
let stripe: Stripe;
let intent: string;

beforeEach(async () => {
  standIn = await startStripeStandIn({ webhookSecrets: [] });
  stripe = clientOf(standIn);
  intent = await paidIntent(standIn, stripe);
});
afterEach(() => standIn.stop());

const chargeOf = async () =>
  (await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] }))
    .latest_charge as Stripe.Charge;

describe('refunds', () => {
  it('give back everything when no amount is named', async () => {
    const refund = await stripe.refunds.create({
      payment_intent: intent,
      reason: 'requested_by_customer',
      metadata: { estornoId: 'est_1' },
    });
    expect(refund).toMatchObject({
      object: 'refund',
      status: 'succeeded',
      amount: 15_000,
      currency: 'brl',
      payment_intent: intent,
      metadata: { estornoId: 'est_1' },
    });
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ id: refund.id, status: 'succeeded' });
    expect(await chargeOf()).toMatchObject({ id: refund.charge, refunded: true, amount_refunded: 15_000 });
  });

  it('may be partial, and their sum never exceeds what was captured', async () => {
    await stripe.refunds.create({ payment_intent: intent, amount: 7500 });
    await stripe.refunds.create({ payment_intent: intent, amount: 7000 });
    const error = await errorOf(stripe.refunds.create({ payment_intent: intent, amount: 501 }));
    expect(error).toMatchObject({ statusCode: 400, param: 'amount' });
    expect((await stripe.refunds.create({ payment_intent: intent })).amount).toBe(500);
    const done = await errorOf(stripe.refunds.create({ payment_intent: intent, amount: 1 }));
    expect(done).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });
    expect(standIn.control.ledger()).toMatchObject({ captured: 15_000, refunded: 15_000, refundPending: 0 });
    expect((await stripe.refunds.list({ payment_intent: intent })).data.map(({ amount }) => amount)).toEqual([
      500, 7000, 7500,
    ]);
  });

  it('never exceed what was captured when fifty come at once', async () => {
    const tries = Array.from({ length: 50 }, () =>
      stripe.refunds.create({ payment_intent: intent, amount: 1000 }),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
    expect(standIn.control.ledger().refunded).toBe(15_000);
  });

  it.each([0, -1])('are refused when the amount is %s', async (amount) => {
    const error = await errorOf(stripe.refunds.create({ payment_intent: intent, amount }));
    expect(error).toMatchObject({ statusCode: 400, param: 'amount', code: 'parameter_invalid_integer' });
  });

  it('are refused when the intent was never paid', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    const unpaid = standIn.control.decline(id).payment_intent as string;
    const error = await errorOf(stripe.refunds.create({ payment_intent: unpaid }));
    expect(error).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
  });

  it('are refused when the intent is unknown or not named', async () => {
    expect(await errorOf(stripe.refunds.create({ payment_intent: 'pi_nada' }))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'payment_intent',
    });
    expect(await errorOf(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' });
  });

  it('appear in the balance with the opposite sign', async () => {
    const refund = await stripe.refunds.create({ payment_intent: intent, expand: ['balance_transaction'] });
    expect(refund.balance_transaction).toMatchObject({
      amount: -15_000,
      fee: 0,
      net: -15_000,
      type: 'refund',
    });
    const all = await stripe.balanceTransactions.list();
    expect(all.data.map(({ type, amount }) => [type, amount])).toEqual([
      ['refund', -15_000],
      ['charge', 15_000],
    ]);
  });

  it('announce themselves and the charge', async () => {
    await stripe.refunds.create({ payment_intent: intent, amount: 100 });
    const { data } = await stripe.events.list({
      types: ['refund.created', 'charge.refunded', 'refund.updated'],
    });
    expect(data.map(({ type }) => type)).toEqual(['refund.updated', 'charge.refunded', 'refund.created']);
    expect(data[1]?.data).toMatchObject({
      object: { amount_refunded: 100, refunded: false },
      previous_attributes: { amount_refunded: 0 },
    });
    expect(data[1]?.request?.id).toMatch(/^req_/);
  });
});

describe('pending refunds', () => {
  beforeEach(() => standIn.control.set({ refunds: { mode: 'pending' } }));

  it('are done when the bank confirms', async () => {
    const { id, status } = await stripe.refunds.create({ payment_intent: intent, amount: 4000 });
    expect(status).toBe('pending');
    expect(standIn.control.ledger()).toMatchObject({ refunded: 0, refundPending: 4000 });
    standIn.control.settleRefund(id, 'succeeded');
    expect(standIn.control.ledger()).toMatchObject({ refunded: 4000, refundPending: 0 });
    expect((await stripe.events.list({ type: 'refund.updated' })).data[0]?.data).toMatchObject({
      object: { id, status: 'succeeded' },
      previous_attributes: { status: 'pending' },
    });
  });

  it('free the amount for another refund when the bank refuses', async () => {
    const { id } = await stripe.refunds.create({ payment_intent: intent });
    standIn.control.settleRefund(id, 'failed');
    expect(await stripe.refunds.retrieve(id)).toMatchObject({ status: 'failed', failure_reason: 'declined' });
    expect(await chargeOf()).toMatchObject({ amount_refunded: 0, refunded: false });
    expect((await stripe.events.list({ type: 'refund.failed' })).data).toHaveLength(1);
    expect((await stripe.refunds.create({ payment_intent: intent })).amount).toBe(15_000);
    expect(() => standIn.control.settleRefund(id, 'failed')).toThrow('already failed');
  });
});

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

const refund = () => stripe.refunds.create({ payment_intent: intent });

const announced = async () =>
  (await stripe.events.list()).data.map(({ type }) => type).filter((type) => type.includes('dispute'));

describe('a dispute', () => {
  it('takes the money and keeps refunds away while it is open', async () => {
    const { id } = standIn.control.dispute(intent);
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: 'needs_response',
      amount: 15_000,
      payment_intent: intent,
      is_charge_refundable: false,
    });
    expect(standIn.control.ledger().lines).toMatchObject([{ captured: 15_000, disputed: 15_000 }]);
    expect(await errorOf(refund())).toMatchObject({ statusCode: 400, code: 'charge_disputed' });
    expect(await announced()).toEqual(['charge.dispute.funds_withdrawn', 'charge.dispute.created']);
  });

  it('gives the money back when it is won, and it can be refunded', async () => {
    standIn.control.closeDispute(standIn.control.dispute(intent).id, 'won');
    expect(standIn.control.ledger().lines).toMatchObject([{ disputed: 0 }]);
    expect((await refund()).amount).toBe(15_000);
  });

  it('keeps the money when it is lost: nothing can be refunded any more', async () => {
    standIn.control.closeDispute(standIn.control.dispute(intent).id, 'lost');
    expect(standIn.control.ledger().lines).toMatchObject([{ disputed: 15_000, refunded: 0 }]);
    expect(await errorOf(refund())).toMatchObject({ code: 'charge_disputed' });
    expect((await announced())[0]).toBe('charge.dispute.closed');
  });

  it('lets refunds through while the bank only asks', async () => {
    const { id } = standIn.control.dispute(intent, 'warning_needs_response');
    expect((await refund()).amount).toBe(15_000);
    standIn.control.closeDispute(id, 'warning_closed');
    expect(standIn.control.ledger().lines).toMatchObject([{ disputed: 0, refunded: 15_000 }]);
  });

  it('is found by the intent', async () => {
    const { id } = standIn.control.dispute(intent);
    expect((await stripe.disputes.list({ payment_intent: intent })).data).toMatchObject([{ id }]);
    expect((await stripe.disputes.list({ payment_intent: 'pi_nada' })).data).toEqual([]);
  });

  it('needs a payment that was captured, and ends once', async () => {
    const { id: session } = await stripe.checkout.sessions.create(sessionParams());
    const unpaid = standIn.control.decline(session).payment_intent as string;
    expect(() => standIn.control.dispute(unpaid)).toThrow('not captured');
    const { id } = standIn.control.dispute(intent);
    expect(() => standIn.control.dispute(intent)).toThrow('disputed already');
    expect(() => standIn.control.closeDispute(id, 'warning_closed')).toThrow('cannot end as');
    standIn.control.closeDispute(id, 'won');
    expect(() => standIn.control.closeDispute(id, 'lost')).toThrow('is closed');
  });

  it('is opened and closed by the control API, too', async () => {
    const post = (path: string, body: object) =>
      fetch(`${standIn.url}/_controle/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const opened = await post(`intents/${intent}/dispute`, {});
    expect(opened.status).toBe(201);
    const { id } = (await opened.json()) as { id: string };
    expect((await post(`disputes/${id}`, { status: 'nonsense' })).status).toBe(400);
    expect(await (await post(`disputes/${id}`, { status: 'lost' })).json()).toMatchObject({ status: 'lost' });
  });
});

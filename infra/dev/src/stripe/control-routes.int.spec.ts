import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Stripe } from 'stripe';
import { type StripeStandIn, startStripeStandIn } from './server.ts';
import { clientOf, errorOf, SECRET, sessionParams } from './spec-support.ts';

let standIn: StripeStandIn;
let stripe: Stripe;

beforeEach(async () => {
  standIn = await startStripeStandIn({ webhookSecrets: [SECRET] });
  stripe = clientOf(standIn);
});
afterEach(() => standIn.stop());

const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const init = { method, headers, ...(body !== undefined && { body: text }) };
  const response = await fetch(`${standIn.url}/_controle${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the control API and pages in a browser', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  const evil = { origin: 'https://evil.example' };

  it.each([
    ['of another origin', { ...JSON_TYPE, ...evil }, 403],
    ['of another port of this machine', { ...JSON_TYPE, origin: 'http://127.0.0.1:3000' }, 403],
    ['in a frame without an origin', { ...JSON_TYPE, origin: 'null' }, 403],
    ['that the browser calls foreign', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['with a form', { 'content-type': 'text/plain' }, 415],
    ['without saying what it sends', {}, 415],
  ])('takes no orders from a page %s', async (_who, headers: Record<string, string>, status) => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    expect((await call('POST', `/sessions/${session.id}/pay`, '', headers)).status).toBe(status);
    expect((await call('POST', '/reset', undefined, headers)).status).toBe(status);
    expect((await call('PUT', '', { seed: 3 }, headers)).status).toBe(status);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
  });

  it('lets no other page read, nor delete', async () => {
    expect((await call('GET', '/ledger', undefined, evil)).status).toBe(403);
    expect((await call('DELETE', '/faults', undefined, evil)).status).toBe(403);
  });

  it('lets a page of its own pay, and no other', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    const pay = (headers: Record<string, string>) =>
      fetch(`${standIn.url}/c/pay/${session.id}/pay`, { method: 'POST', redirect: 'manual', headers });
    expect((await pay(evil)).status).toBe(403);
    expect((await pay({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    // The page asks for no referrer, and so its form has no origin.
    expect((await pay({ origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await fetch(`${standIn.url}/c/pay/${session.id}`, { headers: followed })).status).toBe(200);
  });
});

describe('the control API', () => {
  it('shows and changes the switches without telling the secrets', async () => {
    const changed = await call('PUT', '', {
      webhooks: { duplicates: 2 },
      refunds: { mode: 'pending' },
      seed: 9,
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { webhooks: { duplicates: 2, secrets: 1 }, refunds: { mode: 'pending' }, seed: 9 },
    });
    expect(await call('GET', '')).toEqual(changed);
    expect(JSON.stringify(changed)).not.toContain(SECRET);
  });

  it('acts for the customer and shows the ledger', async () => {
    const [paid, declined, late] = await Promise.all(
      [1, 2, 3].map(() => stripe.checkout.sessions.create(sessionParams())),
    );
    expect((await call('POST', `/sessions/${paid?.id}/pay`)).body).toMatchObject({ status: 'complete' });
    expect((await call('POST', `/sessions/${declined?.id}/decline`)).body).toMatchObject({ status: 'open' });
    expect((await call('POST', `/sessions/${late?.id}/expire`)).body).toMatchObject({ status: 'expired' });
    expect((await call('POST', `/sessions/${late?.id}/pay`)).status).toBe(400);
    expect((await call('GET', '/ledger')).body).toMatchObject({
      captured: 15_000,
      lines: [
        { session: paid?.id, captured: 15_000, metadata: { reservaId: 'res_spec' } },
        { session: declined?.id, captured: 0, status: 'requires_payment_method' },
      ],
    });
    const expired = (await call('GET', '/events?type=checkout.session.expired&delivery=held')).body.data;
    expect(expired).toMatchObject([{ delivery: 'held', event: { type: 'checkout.session.expired' } }]);
  });

  it('pays now what comes later', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    expect((await call('POST', `/sessions/${id}/pay-later`)).body).toMatchObject({
      payment_status: 'unpaid',
    });
    const settled = await call('POST', `/sessions/${id}/settle`, { status: 'succeeded' });
    expect(settled.body).toMatchObject({ payment_status: 'paid' });
    expect((await call('POST', `/sessions/${id}/settle`, { status: 'paid' })).status).toBe(400);
  });

  it('arms and disarms faults', async () => {
    const armed = await call('POST', '/faults', { path: '/v1/refunds', failure: 'rate_limit', times: 3 });
    expect(armed).toMatchObject({ status: 201, body: { when: 'before', status: 429, times: 3 } });
    expect(await errorOf(stripe.refunds.list())).toMatchObject({ statusCode: 429 });
    expect((await call('GET', '')).body).toMatchObject({ faults: [{ times: 2 }] });
    expect((await call('DELETE', '/faults')).body).toMatchObject({ faults: [] });
    expect((await stripe.refunds.list()).data).toEqual([]);
  });

  it('forgets everything on reset and restores the first switches', async () => {
    const first = await call('GET', '');
    await stripe.checkout.sessions.create(sessionParams());
    await call('PUT', '', { webhooks: { duplicates: 2 }, faults: [{ path: '/v1/refunds' }] });
    expect(await call('POST', '/reset')).toEqual(first);
    expect((await stripe.checkout.sessions.list()).data).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ['PUT', '', { webhooks: { delayMs: -1 } }],
    ['PUT', '', { webhooks: { url: 'ftp://x' } }],
    ['PUT', '', { refunds: { mode: 'talvez' } }],
    ['PUT', '', { seed: 'x' }],
    ['PUT', '', '{'],
    ['PUT', '', []],
    ['PUT', '', { faults: {} }],
    ['PUT', '', { faults: [null] }],
    ['PUT', '', { refunds: null }],
    ['PUT', '', { webhooks: null }],
    ['PUT', '', { webhooks: { constructor: 1 } }],
    ['POST', '/faults', { path: '/outro' }],
    ['POST', '/faults', { path: '/v1/refunds', failure: 'nada' }],
    ['POST', '/faults', { path: 1 }],
    ['POST', '/refunds/re_x', { status: 'pending' }],
  ])('answers 400 to %s %s when the body is %j', async (method, path, body) => {
    const before = await call('GET', '');
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.any(String) } } });
    expect(await call('GET', '')).toEqual(before);
  });

  it.each([
    ['POST', '/redeliver/evt_nada'],
    ['POST', '/sessions/cs_nada/pay'],
    ['POST', '/sessions/cs_nada/dance'],
    ['GET', '/nada'],
  ])('answers 404 to %s %s', async (method, path) => {
    expect((await call(method, path)).status).toBe(404);
  });
});

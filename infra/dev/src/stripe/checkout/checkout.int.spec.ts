import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Stripe } from 'stripe';
import { type StripeStandIn, startStripeStandIn } from '../server.ts';
import { clientOf, errorOf, sessionParams } from '../spec-support.ts';

const MINUTE = 60;
const NOW = '2026-03-10T12:00:00Z';
const nowSeconds = Date.parse(NOW) / 1000;

let clock: FixedClock;
let standIn: StripeStandIn;
let stripe: Stripe;

beforeEach(async () => {
  clock = new FixedClock(NOW);
  standIn = await startStripeStandIn({ webhookSecrets: [], clock });
  stripe = clientOf(standIn);
});
afterEach(() => standIn.stop());

const types = () => standIn.control.events().map(({ event }) => event.type);
const click = (url: string, button: 'pay' | 'decline') =>
  fetch(`${url}/${button}`, { method: 'POST', redirect: 'manual' });

describe('Checkout Sessions', () => {
  it('are created open, unpaid and without an intent', async () => {
    const session = await stripe.checkout.sessions.create(sessionParams());
    expect(session).toMatchObject({
      object: 'checkout.session',
      livemode: false,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: 15_000,
      currency: 'brl',
      created: nowSeconds,
      expires_at: nowSeconds + 24 * 60 * MINUTE,
      client_reference_id: 'res_spec',
      metadata: { reservaId: 'res_spec' },
      url: `${standIn.url}/c/pay/${session.id}`,
    });
    expect(session.id).toMatch(/^cs_test_\w{50,}$/);
    expect(session.lastResponse.requestId).toMatch(/^req_\w{14}$/);
    expect(session.lastResponse.apiVersion).toBe(Stripe.API_VERSION);
  });

  it.each(['allowed_payment_method_types', 'payment_method_types'] as const)(
    'keep %s when cards are in it',
    async (name) => {
      const session = await stripe.checkout.sessions.create(sessionParams({ [name]: ['card'] }));
      expect(session[name]).toEqual(['card']);
      const error = await errorOf(stripe.checkout.sessions.create(sessionParams({ [name]: ['boleto'] })));
      expect(error).toMatchObject({ statusCode: 400, param: name });
    },
  );

  it('are paid by the button of their page and lead to the success address', async () => {
    const { id, url } = await stripe.checkout.sessions.create(sessionParams());
    const response = await click(url as string, 'pay');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`http://loja.test/ok?sessao=${id}`);

    const paid = await stripe.checkout.sessions.retrieve(id, {
      expand: ['payment_intent.latest_charge', 'line_items'],
    });
    expect(paid).toMatchObject({ status: 'complete', payment_status: 'paid', url: null });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 15_000,
      metadata: { reservaId: 'res_spec' },
    });
    expect(intent.latest_charge).toMatchObject({ object: 'charge', captured: true, amount_captured: 15_000 });
    expect(paid.line_items?.data[0]).toMatchObject({
      description: 'Sala Ipê',
      amount_total: 15_000,
      quantity: 1,
    });
    expect(types()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  it('are charged once when the button is pressed twice', async () => {
    const { url } = await stripe.checkout.sessions.create(sessionParams());
    await click(url as string, 'pay');
    const second = await click(url as string, 'pay');
    expect(second.headers.get('location')).toContain('loja.test/ok');
    expect(standIn.control.ledger()).toMatchObject({ captured: 15_000, lines: [{ captured: 15_000 }] });
    expect(types().filter((type) => type === 'checkout.session.completed')).toHaveLength(1);
  });

  it('stay open with the same intent when the card is declined, and can still be paid', async () => {
    const { id, url } = await stripe.checkout.sessions.create(sessionParams());
    const page = await (await fetch(`${url}/decline`, { method: 'POST' })).text();
    expect(page).toContain('Seu cartão foi recusado');
    const declined = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    const intent = declined.payment_intent as Stripe.PaymentIntent;
    expect(declined).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code: 'card_declined' },
    });
    await click(url as string, 'pay');
    expect((await stripe.checkout.sessions.retrieve(id)).payment_intent).toBe(intent.id);
    expect(types().slice(0, 3)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
  });

  it('are found by their payment intent', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    await stripe.checkout.sessions.create(sessionParams());
    const intent = standIn.control.pay(id).payment_intent as string;
    const found = await stripe.checkout.sessions.list({ payment_intent: intent });
    expect(found).toMatchObject({ object: 'list', has_more: false, data: [{ id }] });
  });

  it('are listed page by page, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await stripe.checkout.sessions.create(sessionParams())).id);
    const first = await stripe.checkout.sessions.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] });
    const all = await stripe.checkout.sessions.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['29 min 59 s', 30 * MINUTE - 1],
    ['24 h 1 s', 24 * 60 * MINUTE + 1],
  ])('are refused when they would expire in %s', async (_, life) => {
    const error = await errorOf(
      stripe.checkout.sessions.create(sessionParams({ expires_at: nowSeconds + life })),
    );
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError', param: 'expires_at' });
  });

  it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, object]>([
    ['the mode is missing', { mode: undefined as never }, { code: 'parameter_missing', param: 'mode' }],
    ['there is nothing to buy', { line_items: [] }, { code: 'parameter_missing', param: 'line_items' }],
    ['the success address is no URL', { success_url: 'loja' }, { code: 'url_invalid', param: 'success_url' }],
    ['the success address is a script', { success_url: 'javascript:alert(1)' }, { code: 'url_invalid' }],
    ['the e-mail is malformed', { customer_email: 'ana' }, { code: 'email_invalid' }],
    ['a parameter is unknown', { quantia: 1 } as never, { code: 'parameter_unknown', param: 'quantia' }],
    ['metadata is too long', { metadata: { a: 'x'.repeat(501) } }, { param: 'metadata[a]' }],
    [
      'an amount has cents of cents',
      { line_items: [{ price_data: { currency: 'brl', unit_amount: 1.5, product_data: { name: 'x' } } }] },
      { code: 'parameter_invalid_integer', param: 'line_items[0][price_data][unit_amount]' },
    ],
    [
      'the total is too small',
      { line_items: [{ price_data: { currency: 'brl', unit_amount: 49, product_data: { name: 'x' } } }] },
      { code: 'amount_too_small' },
    ],
  ])('are refused when %s', async (_, override, expected) => {
    const error = await errorOf(stripe.checkout.sessions.create(sessionParams(override)));
    expect(error).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error', ...expected });
    expect((await stripe.checkout.sessions.list()).data).toEqual([]);
  });

  it('answer 404 in the shape of Stripe when the id is unknown', async () => {
    const error = await errorOf(stripe.checkout.sessions.retrieve('cs_test_nada'));
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'session' });
    expect(error.requestId).toMatch(/^req_/);
  });
});

describe('expiry', () => {
  it('ends an open session once when asked, and refuses the second time', async () => {
    const { id, url } = await stripe.checkout.sessions.create(sessionParams());
    expect(await stripe.checkout.sessions.expire(id)).toMatchObject({ status: 'expired', url: null });
    const error = await errorOf(stripe.checkout.sessions.expire(id));
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' });
    expect(types()).toEqual(['checkout.session.expired']);

    const click2 = await fetch(`${url}/pay`, { method: 'POST' });
    expect([click2.status, await click2.text()]).toEqual([410, expect.stringContaining('Sessão expirada')]);
    expect(standIn.control.ledger().captured).toBe(0);
  });

  it('is refused when the session has been paid', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    standIn.control.pay(id);
    expect(await errorOf(stripe.checkout.sessions.expire(id))).toMatchObject({ statusCode: 400 });
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('complete');
  });

  it('comes by itself when the time is over', async () => {
    const params = sessionParams({ expires_at: nowSeconds + 30 * MINUTE });
    const { id } = await stripe.checkout.sessions.create(params);
    clock.advance((30 * MINUTE - 1) * 1000);
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open');
    clock.advance(1000);
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired');
    expect(() => standIn.control.pay(id)).toThrow('expired');
  });

  it('is on record as soon as its time is over, whether anybody asked Stripe or not', async () => {
    const params = sessionParams({ expires_at: nowSeconds + 30 * MINUTE });
    const { id } = await stripe.checkout.sessions.create(params);
    clock.advance(30 * MINUTE * 1000);
    const expired = standIn.control.events({ type: 'checkout.session.expired' });
    expect(expired.map(({ event }) => event.data.object)).toMatchObject([{ id }]);
  });

  it('cancels the intent that a declined card left behind', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    const intent = standIn.control.decline(id).payment_intent as string;
    const refused = await errorOf(stripe.paymentIntents.cancel(intent));
    expect(refused).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
    await stripe.checkout.sessions.expire(id);
    expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({
      status: 'canceled',
      canceled_at: nowSeconds,
    });
  });
});

describe('a payment whose money is on its way', () => {
  const later = async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    standIn.control.payLater(id);
    return id;
  };
  const view = async (id: string) => {
    const expand = ['payment_intent'];
    const { status, payment_status, payment_intent } = await stripe.checkout.sessions.retrieve(id, {
      expand,
    });
    return [status, payment_status, (payment_intent as Stripe.PaymentIntent).status];
  };

  it('completes its session unpaid, which can neither be paid again nor be expired', async () => {
    const id = await later();
    expect(await view(id)).toEqual(['complete', 'unpaid', 'processing']);
    expect(standIn.control.ledger().captured).toBe(0);
    expect(() => standIn.control.pay(id)).toThrow('complete');
    expect(await errorOf(stripe.checkout.sessions.expire(id))).toMatchObject({ statusCode: 400 });
    expect(types()).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'checkout.session.completed',
    ]);
  });

  it('is captured when the money comes, once', async () => {
    const id = await later();
    standIn.control.settlePayment(id, 'succeeded');
    expect(await view(id)).toEqual(['complete', 'paid', 'succeeded']);
    expect(standIn.control.ledger().captured).toBe(15_000);
    expect(types().slice(-2)).toEqual([
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ]);
    expect(() => standIn.control.settlePayment(id, 'succeeded')).toThrow('No money is on its way');
  });

  it('stays unpaid when it does not come, and may come after all', async () => {
    const id = await later();
    standIn.control.settlePayment(id, 'failed');
    expect(await view(id)).toEqual(['complete', 'unpaid', 'requires_payment_method']);
    expect(types().slice(-2)).toEqual([
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
    standIn.control.settlePayment(id, 'succeeded');
    expect(standIn.control.ledger().captured).toBe(15_000);
  });

  it('is there for a session that was completed only', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    expect(() => standIn.control.settlePayment(id, 'succeeded')).toThrow('No money is on its way');
    expect(() => standIn.control.settlePayment(id, 'lost' as never)).toThrow('succeeded or failed');
  });
});

describe('Payment Intents outside Checkout', () => {
  it('can be created, listed and cancelled once', async () => {
    const { id } = await stripe.paymentIntents.create({
      amount: 5000,
      currency: 'brl',
      metadata: { a: 'b' },
    });
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ id, metadata: { a: 'b' } }]);
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(await errorOf(stripe.paymentIntents.cancel(id))).toMatchObject({ statusCode: 400 });
  });
});

describe('the API', () => {
  it.each([undefined, 'Bearer sk_live_1', 'Bearer pk_test_1', 'Bearer '])(
    'answers 401 when the key is %s',
    async (key) => {
      const response = await fetch(`${standIn.url}/v1/refunds`, {
        headers: key ? { authorization: key } : {},
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );

  it('answers 404 when the address is not served', async () => {
    const error = await errorOf(stripe.customers.create({}));
    expect(error).toMatchObject({ statusCode: 404, type: 'StripeInvalidRequestError' });
  });

  it('answers 413 when the body is too large', async () => {
    const body = 'x'.repeat(2 * 1024 * 1024);
    const response = await fetch(`${standIn.url}/v1/refunds`, { method: 'POST', body });
    expect(response.status).toBe(413);
  });

  it('expands what is not there yet to null', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(session.payment_intent).toBeNull();
  });

  it('answers 400 when what is to be expanded does not exist', async () => {
    const { id } = await stripe.checkout.sessions.create(sessionParams());
    const error = await errorOf(stripe.checkout.sessions.retrieve(id, { expand: ['nada'] }));
    expect(error).toMatchObject({ statusCode: 400, param: 'expand' });
  });
});

describe('the hosted page', () => {
  const open = async (override: Partial<Stripe.Checkout.SessionCreateParams> = {}) => {
    const session = await stripe.checkout.sessions.create(sessionParams(override));
    const response = await fetch(session.url as string);
    return { session, response, html: await response.text() };
  };

  it('shows what is bought and the amount in reais, not the end of its own session', async () => {
    const { html, response } = await open({ expires_at: nowSeconds + 30 * MINUTE });
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).toContain('Sala Ipê');
    expect(html).toContain('R$\u00a0150,00');
    expect(html).not.toContain('09:30');
    expect(html).toContain('<html lang="pt-BR">');
  });

  it('leads back to a page that exists', async () => {
    const { html } = await open({ cancel_url: `${standIn.url}/c/volta/res_1` });
    const [, back = ''] = /href="([^"]+)">Voltar sem pagar/.exec(html) ?? [];
    const response = await fetch(back);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('res_1')]);
  });

  it('escapes every value', async () => {
    const attack = `"><script>alert('x')</script>&`;
    const { html } = await open({
      cancel_url: `http://loja.test/?q=${attack}`,
      line_items: [{ price_data: { currency: 'brl', unit_amount: 5000, product_data: { name: attack } } }],
    });
    expect(html).not.toContain('<script');
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;');
  });

  it('says so when the session is paid, expired or unknown', async () => {
    const { session } = await open();
    standIn.control.pay(session.id);
    expect(await (await fetch(session.url as string)).text()).toContain('Pagamento concluído');
    const other = await open();
    standIn.control.expireSession(other.session.id);
    expect(await (await fetch(other.session.url as string)).text()).toContain('Sessão expirada');
    const unknown = await fetch(`${standIn.url}/c/pay/cs_test_%3Cb%3E`);
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      expect.stringContaining('Sessão não encontrada'),
    ]);
  });
});

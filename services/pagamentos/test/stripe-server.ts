import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@plataforma/domain/clock';

/** The parts of a Checkout Session that the service reads. */
export interface Session {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly url: string;
  readonly expires_at: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid';
  payment_intent: string | null;
  /** Of the payment intent, where it is asked for with the session. */
  intent_status?: 'processing' | 'requires_payment_method' | 'canceled' | undefined;
}

/** The parts of a refund that the service reads. */
export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: 'pending' | 'succeeded' | 'failed';
  failure_reason?: string;
}

interface Request {
  readonly key: string;
  readonly form: URLSearchParams;
}

interface Answer {
  readonly status: number;
  readonly answer: unknown;
}

/**
 * `lost`: carried out, but the connection breaks before the answer. `kept`: a 500 that is repeated under its key.
 * `key-in-use`: another request under the same key is being carried out.
 */
type Failure = 'unavailable' | 'rate-limited' | 'lost' | 'kept' | 'key-in-use';

const KEY_LIVES_MS = 24 * 60 * 60_000;

/** A few scripted answers of Stripe's API over real HTTP; the official SDK is on the other side. */
export class StripeServer {
  readonly sessions = new Map<string, Session>();
  readonly refunds = new Map<string, Refund>();
  /** How disputes stand, by identity. */
  readonly disputes = new Map<string, object>();
  /** Captures that the customer's bank claims: they are not refunded. */
  readonly disputed = new Set<string>();
  /** Sessions asked for, as the requests came, repeated ones included. */
  readonly creations: Request[] = [];
  /** Refunds asked for, likewise. */
  readonly refundRequests: Request[] = [];
  /** Keys of the requests to expire a session. */
  readonly expirations: string[] = [];
  /** Requests that failed as they were told to. */
  failures = 0;
  /** Seconds that a rate-limited caller is told to stay away; none when undefined. */
  retryAfter: number | undefined;
  /** What becomes of new refunds. */
  refundStatus: Refund['status'] = 'succeeded';
  readonly #answers = new Map<string, { form: string; answer: unknown; since: number }>();
  readonly #kept = new Set<string>();
  readonly #failures: Failure[] = [];
  readonly #clock: Clock;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The next `times` requests fail like this. */
  failNext(failure: Failure, times = 1): void {
    this.#failures.push(...Array.from({ length: times }, () => failure));
  }

  /** From now on requests are answered again. */
  recover(): void {
    this.#failures.length = 0;
  }

  /** The session of a payment; throws unless there is exactly one. */
  sessionOf(pagamentoId: string): Session {
    const all = [...this.sessions.values()].filter(({ metadata }) => metadata.pagamentoId === pagamentoId);
    if (!all[0] || all.length > 1) throw new Error(`${pagamentoId} has ${all.length} sessions`);
    return all[0];
  }

  /** The refunds of a payment, oldest first. */
  refundsOf(pagamentoId: string): Refund[] {
    const { payment_intent } = this.sessionOf(pagamentoId);
    return [...this.refunds.values()].filter((refund) => refund.payment_intent === payment_intent);
  }

  pay(session: Session): void {
    const payment_intent = session.id.replace('cs_', 'pi_');
    Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent });
  }

  /** The customer has done their part; the money is on its way. */
  payLater(session: Session): void {
    const payment_intent = session.id.replace('cs_', 'pi_');
    Object.assign(session, { status: 'complete', payment_intent, intent_status: 'processing' });
  }

  /** Somebody gives money back by hand, in Stripe's dashboard. */
  refundByHand(session: Session, amount: number): Refund {
    const form = new URLSearchParams({ payment_intent: String(session.payment_intent), amount: `${amount}` });
    return this.#newRefund(form).answer as Refund;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const failure = this.#failures.shift();
    if (failure) this.failures++;
    const key = String(request.headers['idempotency-key']);
    if (failure === 'kept') this.#kept.add(key);
    if (this.#kept.has(key)) {
      if (failure !== 'kept') response.setHeader('idempotent-replayed', 'true');
      refuse(response, 500, { type: 'api_error', message: 'broken' });
    } else if (failure === 'unavailable') refuse(response, 503, { type: 'api_error', message: 'down' });
    else if (failure === 'rate-limited') {
      if (this.retryAfter !== undefined) response.setHeader('retry-after', `${this.retryAfter}`);
      send(response, 429, refusal(429, { code: 'rate_limit' }).answer);
    } else if (failure === 'key-in-use') {
      send(response, 409, refusal(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }).answer);
    } else if (failure === 'lost') {
      this.#carryOut(request, body);
      request.socket.destroy();
    } else {
      const { status, answer } = this.#carryOut(request, body);
      send(response, status, answer);
    }
  }

  #carryOut(request: IncomingMessage, body: string): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stripe.test');
    const [, , ...path] = pathname.split('/');
    const route = path.join('/');
    const known = `${request.method} ${route.replace(/(cs|re|pi|dp)_\w+/, ':id')}`;
    const id = path.find((part) => /^(cs|re|pi|dp)_/.test(part)) ?? '';
    switch (known) {
      case 'POST checkout/sessions':
        return this.#once(request, body, this.creations, (form) => this.#newSession(form));
      case 'POST checkout/sessions/:id/expire':
        this.expirations.push(String(request.headers['idempotency-key']));
        return this.#expire(id);
      case 'GET checkout/sessions/:id':
        return found(this.#session(id, searchParams.get('expand[0]') === 'payment_intent'));
      case 'POST refunds':
        return this.#once(request, body, this.refundRequests, (form) => this.#newRefund(form));
      case 'GET refunds':
        return this.#refundsPaid(searchParams.get('payment_intent'));
      case 'GET payment_intents/:id':
        return this.#intent(id);
      case 'GET disputes/:id':
        return found(this.disputes.get(id));
      case 'GET refunds/:id':
        return found(this.refunds.get(id));
      default:
        throw new Error(`no script for ${known}`);
    }
  }

  /** The first success under a key is the answer to every request under it, for a day: then the key is forgotten. */
  #once(
    request: IncomingMessage,
    body: string,
    log: Request[],
    carryOut: (form: URLSearchParams) => Answer,
  ): Answer {
    const key = String(request.headers['idempotency-key']);
    const form = new URLSearchParams(body);
    log.push({ key, form });
    const now = this.#clock.now().getTime();
    const kept = this.#answers.get(key);
    const known = kept && now - kept.since < KEY_LIVES_MS ? kept : undefined;
    if (known && known.form !== body) return refusal(400, { type: 'idempotency_error' });
    if (known) return { status: 200, answer: known.answer };
    const result = carryOut(form);
    if (result.status === 200) this.#answers.set(key, { form: body, answer: result.answer, since: now });
    return result;
  }

  #newSession(form: URLSearchParams): Answer {
    const expiresIn = Number(form.get('expires_at')) - this.#clock.now().getTime() / 1000;
    if (expiresIn < 30 * 60 || expiresIn > 24 * 3600)
      return refusal(400, { type: 'invalid_request_error', param: 'expires_at' });
    const session = newSession(form, this.sessions.size + 1);
    this.sessions.set(session.id, session);
    return { status: 200, answer: session };
  }

  #session(id: string, expanded: boolean): object | undefined {
    const session = this.sessions.get(id);
    if (!session?.payment_intent || !expanded) return session;
    const { payment_intent, payment_status, intent_status: unpaid } = session;
    const status = payment_status === 'paid' ? 'succeeded' : unpaid;
    return { ...session, payment_intent: { id: payment_intent, object: 'payment_intent', status } };
  }

  #expire(id: string): Answer {
    const session = this.sessions.get(id);
    if (session?.status !== 'open') return refusal(400, { type: 'invalid_request_error' });
    session.status = 'expired';
    return { status: 200, answer: session };
  }

  #newRefund(form: URLSearchParams): Answer {
    const payment_intent = form.get('payment_intent') ?? '';
    const session = [...this.sessions.values()].find((paid) => paid.payment_intent === payment_intent);
    if (!session) return refusal(404, { type: 'invalid_request_error', code: 'resource_missing' });
    if (this.disputed.has(payment_intent))
      return refusal(400, { type: 'invalid_request_error', code: 'charge_disputed' });
    const amount = Number(form.get('amount'));
    const before = [...this.refunds.values()].filter(
      (other) => other.payment_intent === payment_intent && other.status !== 'failed',
    );
    if (before.reduce((sum, other) => sum + other.amount, amount) > session.amount_total)
      return refusal(400, { type: 'invalid_request_error', code: 'charge_already_refunded' });
    const names = ['pagamentoId', 'reservaId', 'numero'].filter((name) => form.has(`metadata[${name}]`));
    const refund: Refund = {
      id: `re_${this.refunds.size + 1}`,
      object: 'refund',
      amount,
      currency: session.currency,
      payment_intent,
      metadata: Object.fromEntries(names.map((name) => [name, form.get(`metadata[${name}]`) ?? ''])),
      status: this.refundStatus,
    };
    this.refunds.set(refund.id, refund);
    return { status: 200, answer: refund };
  }

  #intent(id: string): Answer {
    const paid = [...this.sessions.values()].find(({ payment_intent }) => payment_intent === id);
    return { status: 200, answer: { id, object: 'payment_intent', metadata: paid?.metadata ?? {} } };
  }

  #refundsPaid(intent: string | null): Answer {
    const data = [...this.refunds.values()].filter((refund) => refund.payment_intent === intent);
    return { status: 200, answer: { object: 'list', data, has_more: false, url: '/v1/refunds' } };
  }
}

function found(answer: unknown): Answer {
  if (answer) return { status: 200, answer };
  return refusal(404, { type: 'invalid_request_error', code: 'resource_missing' });
}

function newSession(form: URLSearchParams, number: number): Session {
  const price = 'line_items[0][price_data]';
  const names = ['pagamentoId', 'reservaId', 'clienteId', 'tentativa'];
  return {
    id: `cs_${number}`,
    object: 'checkout.session',
    url: `https://checkout.test/cs_${number}`,
    expires_at: Number(form.get('expires_at')),
    amount_total: Number(form.get(`${price}[unit_amount]`)),
    currency: form.get(`${price}[currency]`) ?? '',
    metadata: Object.fromEntries(names.map((name) => [name, form.get(`metadata[${name}]`) ?? ''])),
    status: 'open',
    payment_status: 'unpaid',
    payment_intent: null,
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function refusal(status: number, error: Record<string, string>): Answer {
  return { status, answer: { error: { message: 'refused', ...error } } };
}

function refuse(response: ServerResponse, status: number, error: Record<string, string>): void {
  // Without it the service would repeat the request at once, and the specs would wait for that.
  response.setHeader('stripe-should-retry', 'false');
  send(response, status, refusal(status, error).answer);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_test' });
  response.end(JSON.stringify(body));
}

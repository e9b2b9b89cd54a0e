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
}

interface Request {
  readonly key: string;
  readonly form: URLSearchParams;
}

interface Answer {
  readonly status: number;
  readonly answer: unknown;
}

/** `lost`: carried out, but the connection breaks before the answer. */
type Failure = 'unavailable' | 'rate-limited' | 'lost';

/** A few scripted answers of Stripe's API over real HTTP; the official SDK is on the other side. */
export class StripeServer {
  readonly sessions = new Map<string, Session>();
  /** Creations as they came, repeated ones included. */
  readonly creations: Request[] = [];
  readonly #answers = new Map<string, { form: string; session: Session }>();
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

  pay(session: Session): void {
    const payment_intent = session.id.replace('cs_', 'pi_');
    Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const failure = this.#failures.shift();
    if (failure === 'unavailable') refuse(response, 503, { type: 'api_error', message: 'down' });
    else if (failure === 'rate-limited') refuse(response, 429, { type: 'api_error', code: 'rate_limit' });
    else if (failure === 'lost') {
      this.#carryOut(request, body);
      request.socket.destroy();
    } else {
      const { status, answer } = this.#carryOut(request, body);
      send(response, status, answer);
    }
  }

  #carryOut(request: IncomingMessage, body: string): Answer {
    return request.method === 'POST' ? this.#create(request, body) : this.#read(request);
  }

  #create(request: IncomingMessage, body: string): Answer {
    const key = String(request.headers['idempotency-key']);
    const form = new URLSearchParams(body);
    this.creations.push({ key, form });
    const known = this.#answers.get(key);
    if (known && known.form !== body) return refusal(400, { type: 'idempotency_error' });
    if (known) return { status: 200, answer: known.session };
    const expiresIn = Number(form.get('expires_at')) - this.#clock.now().getTime() / 1000;
    if (expiresIn < 30 * 60 || expiresIn > 24 * 3600)
      return refusal(400, { type: 'invalid_request_error', param: 'expires_at' });
    const session = newSession(form, this.sessions.size + 1);
    this.sessions.set(session.id, session);
    this.#answers.set(key, { form: body, session });
    return { status: 200, answer: session };
  }

  #read(request: IncomingMessage): Answer {
    const answer = this.sessions.get((request.url ?? '').split('/').at(-1) ?? '');
    if (answer) return { status: 200, answer };
    return refusal(404, { type: 'invalid_request_error', code: 'resource_missing' });
  }
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
  // Without it the SDK would itself repeat a 503, and the specs would wait for that.
  response.setHeader('stripe-should-retry', 'false');
  send(response, status, refusal(status, error).answer);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_test' });
  response.end(JSON.stringify(body));
}

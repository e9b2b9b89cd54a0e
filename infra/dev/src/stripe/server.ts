import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { comesFromAnotherPage } from '../stack/processes/local-callers.ts';
import { Api } from './api.ts';
import { ApiGateway } from './api-gateway.ts';
import { Checkout } from './checkout/checkout.ts';
import { checkoutRoute } from './checkout/checkout-routes.ts';
import { Control, type Switches } from './control.ts';
import { controlRoute } from './control-routes.ts';
import { BodyTooLargeError, type HttpAnswer, json, readBody, send } from './http.ts';
import { Disputes } from './money/disputes.ts';
import { Payments } from './money/payments.ts';
import { Refunds } from './money/refunds.ts';
import { IdempotencyKeys } from './request/idempotency.ts';
import { EventLog } from './store/event-log.ts';
import { Store } from './store/store.ts';
import { Faults } from './switches/faults.ts';
import { type Random, seededRandom } from './switches/seeded-random.ts';
import { DEFAULT_SWITCHES, type WebhookSwitches, withSwitches } from './switches/webhook-switches.ts';
import { WebhookQueue } from './webhooks.ts';

const EXPIRY_CHECK_MS = 1000;
const PRUNE_MS = 60_000;

export interface StripeStandInOptions {
  /** 0 or absent: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Base of the hosted pages as the customer's browser sees it; default the server's own address. */
  publicUrl?: string;
  /** Absent: events are recorded but not sent. */
  webhookUrl?: string;
  /** Endpoint secrets (`whsec_...`); two while one is being rolled. */
  webhookSecrets: readonly string[];
  /** The only API key accepted; absent: any `sk_test_...`. */
  secretKey?: string;
  /** State is kept in this JSON-lines file, one process per file; absent: memory only. */
  dataFile?: string;
  /** Decides `created` and expiry; webhook timing and signatures follow the real clock. */
  clock?: { now(): Date };
  /** Of the generator that drops and shuffles webhooks. */
  seed?: number;
  /** First values of the webhook switches. */
  webhooks?: Partial<WebhookSwitches>;
  log?: StandInLog;
}

export interface StandInLog {
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

export interface StripeStandIn {
  port: number;
  url: string;
  /** A key that the server accepts, for `new Stripe(secretKey, { host, port, protocol: 'http' })`. */
  secretKey: string;
  control: Control;
  stop(): Promise<void>;
}

/** Starts the local stand-in for Stripe. Rejects if the port is taken or the data file cannot be used. */
export async function startStripeStandIn(options: StripeStandInOptions): Promise<StripeStandIn> {
  const parts = compose(options);
  const server = createServer((request, response) => answer(parts, request, response));
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1').catch((error: Error) => {
    parts.store.close();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`;
  parts.address.base = (options.publicUrl ?? url).replace(/\/+$/, '');
  for (const event of parts.events.pending()) parts.webhooks.redeliver(event.id);
  const timers = [
    setInterval(() => parts.store.batch(() => parts.checkout.expireDue()), EXPIRY_CHECK_MS),
    setInterval(() => parts.idempotency.prune(), PRUNE_MS),
  ];
  const stop = () => shutDown(parts, server, timers);
  return { port, url, secretKey: options.secretKey ?? 'sk_test_local', control: parts.control, stop };
}

type Parts = ReturnType<typeof compose>;

function compose(options: StripeStandInOptions) {
  const log = options.log ?? SILENT;
  const nowMs = () => (options.clock?.now() ?? new Date()).getTime();
  const now = () => Math.floor(nowMs() / 1000);
  const address = { base: '' };
  const switches = switchBoard(options);
  const store = new Store(options.dataFile);
  const webhooks: WebhookQueue = new WebhookQueue({
    switches: () => switches.get().webhooks,
    random: () => switches.random(),
    eventOf: (id) => store.get('event', id)?.event,
    settled: (id, delivery) => events.mark(id, delivery),
    warn: (data, message) => log.warn(data, message),
  });
  const events = new EventLog({ store, now, deliver: (event) => webhooks.offer(event) });
  const core = { store, events, now };
  const payments = new Payments(core);
  const refunds = new Refunds({ ...core, payments, mode: () => switches.get().refunds.mode });
  const disputes = new Disputes({ ...core, payments });
  const checkout = new Checkout({ ...core, payments, baseUrl: () => address.base });
  const faults = new Faults();
  const idempotency = new IdempotencyKeys(store, nowMs);
  const failed = (err: unknown, requestId: string) => log.error({ err, requestId }, 'request failed');
  const gateway = new ApiGateway({
    api: new Api({ store, events, checkout, payments, refunds, disputes }),
    faults,
    idempotency,
    store,
    secretKey: options.secretKey,
    failed,
  });
  const control = new Control({ store, checkout, refunds, disputes, events, webhooks, faults, switches });
  return { address, store, events, webhooks, checkout, idempotency, gateway, control, failed };
}

function switchBoard(options: StripeStandInOptions) {
  const webhooks = withSwitches(DEFAULT_SWITCHES, {
    url: options.webhookUrl ?? null,
    secrets: [...options.webhookSecrets],
    ...options.webhooks,
  });
  const initial: Switches = { webhooks, refunds: { mode: 'succeeded' }, seed: options.seed ?? 1 };
  let current = initial;
  let random: Random = seededRandom(initial.seed);
  const set = (next: Switches) => {
    if (next.seed !== current.seed || next === initial) random = seededRandom(next.seed);
    current = next;
  };
  return { get: () => current, set, reset: () => set(initial), random: () => random };
}

function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): void {
  respond(parts, request, response)
    .then((result) => (result === 'cut' ? request.socket.destroy() : send(response, result)))
    .catch((error: unknown) => answerFailure(parts, response, error));
}

function answerFailure(parts: Parts, response: ServerResponse, error: unknown): void {
  // A client that hung up half-way through its request is no failure of ours.
  if (response.destroyed) return;
  const isTooLarge = error instanceof BodyTooLargeError;
  if (!isTooLarge) parts.failed(error, 'none');
  const message = isTooLarge ? error.message : 'Unexpected failure: see the log of the stand-in.';
  if (response.headersSent) response.destroy();
  else send(response, json(isTooLarge ? 413 : 500, { error: { message } }, { connection: 'close' }));
}

async function respond(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<HttpAnswer | 'cut'> {
  const { path, query } = splitTarget(request.url ?? '/');
  const method = request.method ?? 'GET';
  const body = await readBody(request);
  if (path.startsWith('/v1/')) {
    const gone = new AbortController();
    response.once('close', () => response.writableFinished || gone.abort());
    const header = (name: string) => request.headers[name]?.toString();
    return parts.gateway.handle({ method, path, query, body, header, signal: gone.signal });
  }
  // The one who pays or turns switches is a person at the page or a program, never another page in their browser.
  const { headers } = request;
  if (comesFromAnotherPage({ method, headers }))
    return json(403, { error: { message: 'Pages of other origins are not served.' } });
  if (path === '/_controle' || path.startsWith('/_controle/')) {
    const contentType = headers['content-type'] ?? '';
    return controlRoute({ method, path, query, body, contentType }, parts.control);
  }
  if (path === '/healthz') return json(200, { status: 'ok' });
  return (
    checkoutRoute(method, path, parts) ?? json(404, { error: { message: `${method} ${path}: not found` } })
  );
}

function splitTarget(target: string): { path: string; query: string } {
  const [path = '/', query = ''] = target.split('?', 2);
  return { path: path.length > 1 ? path.replace(/\/+$/, '') : path, query };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

async function shutDown(parts: Parts, server: Server, timers: NodeJS.Timeout[]): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await parts.webhooks.stop();
  const cut = setTimeout(() => server.closeAllConnections(), 500);
  await closed;
  clearTimeout(cut);
  parts.store.close();
}

const SILENT: StandInLog = { warn: () => {}, error: () => {} };

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Code, type ConnectError } from '@connectrpc/connect';
import { codeToHttpStatus, codeToString } from '@connectrpc/connect/protocol-connect';
import type { Logger } from 'pino';
import { problemOf } from '../errors/error-details.ts';
import { motivoDe, rpcError, toConnectError } from '../errors/errors.ts';
import type { Health } from '../rpc/health.ts';
import { httpRequestId, REQUEST_ID_HEADER } from '../rpc/request-id.ts';
import type { Acesso } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';
import { exposition, type Metrics } from '../telemetry/metrics.ts';
import { createPacedLog, type PacedLog } from '../telemetry/paced-log.ts';
import { newTrail, onTrail } from '../trail/trail.ts';
import { BodyBuffer } from './body-buffer.ts';

const DEFAULT_MAX_BYTES = 4 * 1024;
/** A body that is streamed may take this long; a client that reads more slowly is cut off. */
const STREAM_TIMEOUT_MS = 10 * 60_000;

/** A request of a plain route, read to its end. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  /** What stands for the `*` of the route's path, as it came; empty for a path without one. */
  readonly rest: string;
  readonly query: URLSearchParams;
  /** Network address of the other end: of a proxy, where there is one. */
  readonly peer: string;
  /** The bytes as they came: signatures can be checked over them. */
  readonly body: Buffer;
}

/** What a plain route answers. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parts are sent as the client takes them: no more than one waits. A failure cuts the connection. */
  readonly body?: string | Buffer | AsyncIterable<string | Uint8Array>;
}

/**
 * Who gets an answer of a plain route: besides a rule as of RPCs, whose token the handler checks by `bearer.ts`, whoever has the
 * secret that is the address itself (`ENDERECO`), or a signature of what is sent (`ASSINATURA`).
 */
export type AcessoDaRota = Acesso | 'ENDERECO' | 'ASSINATURA';

/** A plain HTTP route as the table of docs/security/access.md has it. */
export interface RotaDeclarada {
  readonly method: 'GET' | 'POST';
  /** Exact, or with `*` as its last segment, for one segment of any text. Logs name this, never what was asked for. */
  readonly path: string;
  readonly acesso: AcessoDaRota;
}

/** A plain HTTP route. */
export interface HttpRoute extends RotaDeclarada {
  /** Limit of the request body in bytes, 413 above it. Default 4 KiB, as most routes need none. */
  readonly maxBytes?: number;
  /** A `ConnectError` becomes its HTTP status and the body of every error ({@link Problem}); any other error a 500 or 503. */
  handle(req: HttpRequest): Promise<HttpResponse>;
}

/** For whoever reaches the port, which no route of the gateway leads to. */
export const OPERATIONAL = {
  healthz: { method: 'GET', path: '/healthz', acesso: 'PUBLICO' },
  readyz: { method: 'GET', path: '/readyz', acesso: 'PUBLICO' },
  metrics: { method: 'GET', path: '/metrics', acesso: 'PUBLICO' },
} as const satisfies Readonly<Record<string, RotaDeclarada>>;

/** `/healthz`: the process is alive. `/readyz`: 503 unless it should get traffic. `/metrics`: for Prometheus. */
export function operationalRoutes(health: Health, metrics: Metrics): HttpRoute[] {
  return [
    { ...OPERATIONAL.healthz, handle: async () => json(200, { status: 'ok' }) },
    {
      ...OPERATIONAL.readyz,
      async handle() {
        const { ready, checks } = await health.readiness();
        return json(ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks });
      },
    },
    {
      ...OPERATIONAL.metrics,
      async handle() {
        const { registry } = metrics;
        return {
          status: 200,
          headers: { 'content-type': registry.contentType },
          body: await exposition(registry),
        };
      },
    },
  ];
}

/** A route and what stands for its `*`. */
export interface RouteMatch {
  readonly route: HttpRoute;
  readonly rest: string;
}

/** Finds the route of a method and path; an exact one wins. HEAD asks for what GET answers, without its body. */
export function routeTable(
  routes: readonly HttpRoute[],
): (method: string, path: string) => RouteMatch | undefined {
  const table = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));
  return (asked, path) => {
    const method = asked === 'HEAD' ? 'GET' : asked;
    const exact = table.get(`${method} ${path}`);
    if (exact) return { route: exact, rest: '' };
    const rest = path.slice(path.lastIndexOf('/') + 1);
    const open = table.get(`${method} ${path.slice(0, path.length - rest.length)}*`);
    return open && { route: open, rest };
  };
}

/** Refusals, which strangers can cause as often as they like. */
export const routeRefusals = (logger: Logger): PacedLog => createPacedLog(logger, 'http route failed');

/** Runs a raw route and answers, whatever happens. */
export async function serveRoute(
  { route, rest }: RouteMatch,
  req: IncomingMessage,
  res: ServerResponse,
  logger: Logger,
  refused: PacedLog = routeRefusals(logger),
): Promise<void> {
  const requestId = httpRequestId(req);
  try {
    const body = await readBody(req, route.maxBytes ?? DEFAULT_MAX_BYTES);
    if (body === undefined) return tooLarge(req, res, requestId);
    const query = new URLSearchParams((req.url ?? '').split('?').slice(1).join('?'));
    const peer = req.socket.remoteAddress ?? '';
    const trail = newTrail({ type: 'unauthenticated' }, requestId);
    const answer = onTrail(trail, () => route.handle({ headers: req.headers, rest, query, peer, body }));
    await send(res, await answer);
  } catch (err) {
    if (res.headersSent) return brokeOff(err, route, logger);
    // The client went away in the middle of its body: that is no failure, and there is no client left to answer.
    if (err === req.errored) return;
    if (res.destroyed) return;
    const error = toConnectError(err);
    if (error.code === Code.Internal)
      logger.error(
        { err: loggableError(err), path: route.path, requestId },
        'http route failed unexpectedly',
      );
    else refused({ path: route.path, code: codeToString(error.code), motivo: motivoDe(error) ?? '' });
    await send(res, errorBody(error, requestId));
  }
}

/** The connection is cut already. A client that goes away is no failure. */
function brokeOff(err: unknown, { path }: HttpRoute, logger: Logger): void {
  if ((err as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
  logger.error({ err: loggableError(err), path }, 'http answer broke off');
}

/** As of RPCs: Connect has a code of its own for those that there are not, and details in a list. */
const RPC_PATH = /^\/[\w.]+\.v\d+\.\w+\//;

/** The answer for a path that nothing is served at. */
export function sendNotFound(req: IncomingMessage, res: ServerResponse): void {
  req.resume();
  const isRpc = RPC_PATH.test(req.url ?? '');
  const code = isRpc ? Code.Unimplemented : Code.NotFound;
  const error = rpcError(code, 'ROTA_INEXISTENTE', 'Este endereço não existe.');
  const requestId = httpRequestId(req);
  const problem = problemOf(error, motivoDe(error), requestId);
  const answer = json(404, isRpc ? { ...problem, details: [] } : problem);
  void send(res, { ...answer, headers: { ...answer.headers, [REQUEST_ID_HEADER]: requestId } });
}

/** @returns undefined as soon as the body turns out larger than the limit */
async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const received = new BodyBuffer(maxBytes);
  // Not `for await`: leaving that loop early would destroy the connection before the answer is out.
  return new Promise((resolve, reject) => {
    req.on('data', (part: Buffer) => {
      if (!received.add(part)) resolve(undefined);
    });
    req.once('end', () => resolve(received.bytes()));
    req.once('error', reject);
  });
}

function tooLarge(req: IncomingMessage, res: ServerResponse, requestId: string): void {
  req.removeAllListeners('data');
  // Read and dropped: a closed connection would take the answer with it.
  req.resume();
  const error = rpcError(
    Code.ResourceExhausted,
    'MENSAGEM_GRANDE_DEMAIS',
    'O corpo da requisição é grande demais.',
  );
  void send(res, { ...errorBody(error, requestId), status: 413 });
}

function errorBody(error: ConnectError, requestId: string): HttpResponse {
  const answer = json(codeToHttpStatus(error.code), problemOf(error, motivoDe(error), requestId));
  const wait = error.metadata.get('retry-after');
  const headers = {
    ...answer.headers,
    [REQUEST_ID_HEADER]: requestId,
    ...(wait !== null && { 'retry-after': wait }),
  };
  return { ...answer, headers };
}

function json(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

async function send(res: ServerResponse, { status, headers = {}, body = '' }: HttpResponse): Promise<void> {
  if (res.headersSent || res.destroyed) return;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    res.writeHead(status, headers);
    // A client that wants the headers only has no part of the body made.
    if (res.req.method === 'HEAD') return void res.end();
    const parts = Readable.from(body, { highWaterMark: 1 });
    return pipeline(parts, res, { signal: AbortSignal.timeout(STREAM_TIMEOUT_MS) });
  }
  // RFC 9110, 8.6: the length of a 304 would be that of the body that is not sent.
  const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  res.writeHead(status, { ...headers, ...length });
  res.end(body);
}

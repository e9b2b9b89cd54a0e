/*
 * Room `http`: the HTTP/1.1 listener: Connect and gRPC-Web for the same handlers as room `grpc`, health, readiness, metrics, and
 * the plain routes of a service (`http-routes.ts`), such as webhooks, feeds and key sets.
 *
 * What a client may have open and how much it may send is bounded before anything is read (`http-limits.ts`, `body-buffer.ts`,
 * `http-request.ts`); an answer that Connect gives by itself gets the platform's reason and message (`http-reject.ts`). A plain
 * route sees its body as it came, because signatures are checked over bytes; it authenticates and checks by itself.
 */

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, createConnectRouter, type Interceptor } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import type { Logger } from 'pino';
import { naming } from '../errors/error-details.ts';
import { motivoDe } from '../errors/errors.ts';
import { MAX_REQUEST_BYTES } from '../input/request-shape.ts';
import { callValues } from '../rpc/call-context.ts';
import { boundTimeouts, clientDeadline } from '../rpc/client-timeout.ts';
import type { Health } from '../rpc/health.ts';
import {
  type ListenerLimits,
  limitConnections,
  listenerLimits,
  listenerLoad,
  MAX_ANSWER_BYTES,
  REQUEST_TIMEOUT_MS,
} from '../rpc/listener-limits.ts';
import { httpRequestId } from '../rpc/request-id.ts';
import { methodName, type RpcService, type RunningServer } from '../rpc/rpc.ts';
import { loggableError } from '../telemetry/loggable-error.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { limitRequests } from './http-limits.ts';
import { explainRejection } from './http-reject.ts';
import { guardedRequest, refusalOf, refuseUnread } from './http-request.ts';
import {
  type HttpRoute,
  operationalRoutes,
  routeRefusals,
  routeTable,
  sendNotFound,
  serveRoute,
} from './http-routes.ts';

/** How long `close` waits for requests in flight. */
const DRAIN_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** How often connections are looked at for requests that are late. */
const CHECK_MS = 2_000;
/** Nothing was read or written for this long in the middle of a request. */
const STALLED_MS = 120_000;
/** Longer than the idle timeout of common proxies, so that they never reuse a connection we are closing. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Where the listener is, and what it serves. */
export interface HttpServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly services: readonly RpcService[];
  readonly interceptors: Interceptor[];
  readonly health: Health;
  readonly metrics: Metrics;
  readonly routes?: readonly HttpRoute[];
  readonly logger: Logger;
  readonly limits?: ListenerLimits;
  /** A request has to be there whole after this time. Default 20 s. */
  readonly requestTimeoutMs?: number;
}

/**
 * HTTP/1.1 listener: Connect (binary and JSON) and gRPC-Web for the same handlers as the gRPC listener, health,
 * readiness, metrics and the service's own plain routes. Rejects if the port is taken.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { health, logger, metrics, limits = listenerLimits() } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const load = listenerLoad('http', limits, metrics.registry);
  const server = createServer(
    {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    limitRequests(requestListener(options), load),
  );
  server.timeout = STALLED_MS;
  limitConnections(server, load);
  let closing = false;
  // `server.close` only closes the connections that are idle at that moment; the others become idle later.
  server.on('request', (_, res) => {
    res.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });
  const port = await listen(server, options);
  logger.info({ host: options.host, port }, 'HTTP up');
  return {
    port,
    async close() {
      closing = true;
      health.setServing(false);
      await drain(server, logger);
    },
  };
}

function requestListener(options: HttpServerOptions): RequestListener {
  const { health, metrics, logger } = options;
  const rpcs = rpcHandlers(options);
  const routeOf = routeTable([...operationalRoutes(health, metrics), ...(options.routes ?? [])]);
  const refused = routeRefusals(logger);
  return (req, res) => {
    // What an answer is, it says itself: a browser must not take JSON for a page.
    res.setHeader('x-content-type-options', 'nosniff');
    const path = withoutSlash((req.url ?? '').split('?', 1)[0] ?? '');
    const rpc = rpcs.get(path);
    if (rpc) return void serveRpc(rpc, req, res, options);
    const route = routeOf(req.method ?? '', path);
    if (route) return void serveRoute(route, req, res, logger, refused);
    sendNotFound(req, res);
  };
}

/** A slash at the end of a path changes nothing, as at the gateway. */
const withoutSlash = (path: string): string =>
  path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;

function rpcHandlers({ services, interceptors }: HttpServerOptions): Map<string, UniversalHandler> {
  const router = createConnectRouter({
    interceptors,
    readMaxBytes: MAX_REQUEST_BYTES,
    writeMaxBytes: MAX_ANSWER_BYTES,
    acceptCompression: [compressionGzip, compressionBrotli],
    binaryOptions: { readUnknownFields: false },
    requestGate: refuseUnread,
    // Native gRPC has its own listener; here its errors would not be trailers-only.
    grpc: false,
  });
  for (const { methods } of services) for (const { spec } of methods) router.rpc(spec.method, spec.impl);
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

async function serveRpc(
  handler: UniversalHandler,
  req: IncomingMessage,
  res: ServerResponse,
  { logger, metrics }: HttpServerOptions,
): Promise<void> {
  const startedAt = performance.now();
  try {
    boundTimeouts(req.headers);
    // Not every name that a client calls a host makes a URL, and nothing asks for it.
    req.headers.host = 'localhost';
    const values = callValues(req.socket.remoteAddress ?? '', clientDeadline(req.headers));
    const request = universalRequestFromNodeRequest(req, res, undefined, values);
    // Left early, for a body over the limit, Connect's own reader would cut the connection before the answer.
    const body = req.iterator({ destroyOnReturn: false });
    const guarded = await guardedRequest(handler, { ...request, body });
    const requestId = httpRequestId(req);
    const refusal = refusalOf(guarded);
    if (refusal) naming(refusal, requestId);
    const answer = await handler(guarded);
    // What is left of the body is read and dropped: a closed connection would take the answer with it.
    if (!req.complete) req.resume();
    const { response, error = refusal } = await explainRejection(answer, requestId);
    if (error) {
      const { parent, name } = handler.method;
      const seconds = (performance.now() - startedAt) / 1000;
      const code = codeToString(error.code);
      metrics.observeRpc(parent.typeName, name, code, seconds);
      logger.info({ rpc: methodName(handler.method), code, motivo: motivoDe(error) }, 'rpc rejected');
    }
    await universalResponseToNodeResponse(response, res);
  } catch (err) {
    // The client is gone: the call itself has been logged as cancelled.
    if (ConnectError.from(err).code === Code.Aborted || req.socket.destroyed) return;
    logger.error({ err: loggableError(err), rpc: methodName(handler.method) }, 'answer could not be sent');
    res.destroy();
  }
}

function listen(server: Server, { host, port }: HttpServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (err) => {
      reject(new Error(`HTTP cannot listen on ${host}:${port}: ${err.message}`, { cause: err }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function drain(server: Server, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      logger.warn('HTTP requests still in flight were cut off');
      server.closeAllConnections();
    }, DRAIN_TIMEOUT_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

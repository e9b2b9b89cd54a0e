import type { Logger } from '@plataforma/runtime/logger';
import type { LoadedConfig, LoadedRoute } from './edge-node.ts';
import type { Exchange, Plugin, Reply } from './http/exchange.ts';
import { handledError, kongError, unexpectedError } from './http/kong-replies.ts';
import { ClientGoneError, PayloadTooLargeError } from './http/request-body.ts';
import { UpstreamError, upstreamErrorReply } from './upstream/upstream-error.ts';
import type { Upstreams } from './upstream/upstreams.ts';

const GRPC_TYPE = /^application\/grpc\b/;

/** Knowing the address of a calendar feed, or of an archive of exported data, is the right to read it: it stays out of the log. */
const SECRET_SEGMENT = /(?<=\/erasures)\/[^/]+$|\/[^/]+(\.ics|\.tar\.gz)$/;

/** Takes one exchange through routing, plugins and upstream. Failures become Kong's error pages. */
export async function answer(
  exchange: Exchange,
  { router, globalPlugins }: LoadedConfig,
  upstreams: Upstreams,
  logger: Logger,
): Promise<Reply> {
  const route = routeOf(exchange, router);
  const plugins = route?.plugins ?? globalPlugins;
  if (route) exchange.isGrpcRoute = route.isGrpc;
  const reply = await produce(exchange, route, plugins, upstreams).catch((error: unknown) => {
    report(logger, exchange, error);
    return errorReply(exchange, error);
  });
  try {
    return applyFilters(exchange, plugins, reply);
  } catch (error) {
    report(logger, exchange, error);
    return unexpectedError(exchange);
  }
}

/** A request that nginx refuses is no route's, nor is one whose path is no text. */
function routeOf(
  { method, target, request, refusal }: Exchange,
  router: LoadedConfig['router'],
): LoadedRoute | undefined {
  return refusal || !target.isText ? undefined : router.match(method, target.path, request.headers);
}

async function produce(
  exchange: Exchange,
  route: LoadedRoute | undefined,
  plugins: readonly Plugin[],
  upstreams: Upstreams,
): Promise<Reply> {
  const { refusal } = exchange;
  for (const plugin of plugins) plugin.rewrite?.(exchange);
  if (refusal) return handledError(exchange, refusal.status, refusal.message);
  if (!route) return kongError(exchange, 404, 'no Route matched with those values');
  const mismatch = route.isGrpc ? refuseOnGrpcRoute(exchange) : undefined;
  if (mismatch) return mismatch;
  for (const plugin of plugins) {
    const reply = await plugin.access?.(exchange);
    if (reply) return reply;
  }
  return upstreams.send(exchange, route.service);
}

/** What has no business on a route of native gRPC: other content, and HTTP/1. */
function refuseOnGrpcRoute(exchange: Exchange): Reply | undefined {
  const isGrpc = GRPC_TYPE.test(exchange.request.headers['content-type'] ?? '');
  if (!isGrpc) return kongError(exchange, 415, 'Non-gRPC request matched gRPC route');
  if (exchange.request.httpVersion === 2) return undefined;
  const reply = kongError(exchange, 426, 'Please use HTTP2 protocol');
  reply.headers.set('upgrade', 'HTTP/2');
  return reply;
}

/** An upstream that is down is an ordinary event; only what the edge did wrong deserves a stack. */
function report(logger: Logger, { requestId, target }: Exchange, error: unknown): void {
  if (error instanceof PayloadTooLargeError || error instanceof ClientGoneError) return;
  const where = { requestId, path: target.path.replace(SECRET_SEGMENT, '/***$1') };
  if (error instanceof UpstreamError) logger.warn({ ...where, reason: error.message }, 'upstream failed');
  else logger.error({ ...where, err: error }, 'request failed');
}

function errorReply(exchange: Exchange, error: unknown): Reply {
  if (error instanceof PayloadTooLargeError) return handledError(exchange, 413, 'Payload too large');
  return error instanceof UpstreamError ? upstreamErrorReply(exchange, error) : unexpectedError(exchange);
}

/** Every filter of a phase runs before the next phase, whether a plugin or the upstream made the reply. */
function applyFilters(exchange: Exchange, plugins: readonly Plugin[], reply: Reply): Reply {
  const named = reply.headers.get('x-request-id');
  if (typeof named === 'string' && reply.source === undefined) exchange.namedByService = named;
  for (const [name, value] of exchange.responseHeaders) {
    if (!reply.headers.has(name)) reply.headers.set(name, value);
  }
  for (const plugin of plugins) plugin.headerFilter?.(exchange, reply);
  for (const plugin of plugins) plugin.bodyFilter?.(exchange, reply);
  return reply;
}

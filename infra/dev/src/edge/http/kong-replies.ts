import { errorPageFor } from './error-pages.ts';
import type { Exchange, Headers, Reply } from './exchange.ts';
import { grpcCodeOf, grpcMessageOf } from './grpc-status.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRPC_TYPE = 'application/grpc';
/** What nginx and uncaught errors are answered in when a request says nothing of types: as set in infra/kong/kong.env. */
const DEFAULT_TYPE = 'application/json';

/**
 * An error that Kong's code tells of (`kong.response.error`), in the form that the client accepts, JSON unless it asks
 * for another one. The page names the request, which helps to find it in the logs.
 */
export function kongError(exchange: Exchange, status: number, message: string): Reply {
  if (isGrpcRequest(exchange)) return grpcReply(status, undefined, new Map([['content-type', GRPC_TYPE]]));
  return errorPage(exchange, status, message, exchange.request.headers.accept);
}

/**
 * An error of nginx, of an upstream or of a plugin that broke (Kong's error handler). A request that accepts nothing in
 * particular is answered in the type of its own body, which grpc-gateway has set to gRPC's by then.
 */
export function handledError(exchange: Exchange, status: number, message: string): Reply {
  const { accept } = exchange.request.headers;
  const wanted = accept ?? exchange.upstreamHeaders['content-type'] ?? DEFAULT_TYPE;
  const page = wanted.startsWith(GRPC_TYPE)
    ? jsonReply(exchange, status, { message })
    : errorPage(exchange, status, message, wanted);
  return { ...page, source: 'error' };
}

/** A table given to `kong.response.exit`: plain JSON; to a gRPC call its message only. */
export function jsonReply(exchange: Exchange, status: number, body: { readonly message?: string }): Reply {
  if (isGrpcRequest(exchange)) return grpcReply(status, body.message);
  return exit(status, Buffer.from(JSON.stringify(body)), new Map([['content-type', JSON_TYPE]]));
}

/** A text given to `kong.response.exit`: no content type of its own. */
export function textReply(exchange: Exchange, status: number, text: string): Reply {
  if (isGrpcRequest(exchange)) return grpcReply(status, text);
  return exit(status, Buffer.from(text), new Map());
}

/** What Kong answers to an uncaught error in a plugin. */
export function unexpectedError(exchange: Exchange): Reply {
  return handledError(exchange, 500, 'An unexpected error occurred');
}

function errorPage(exchange: Exchange, status: number, message: string, accept: string | undefined): Reply {
  const { type, render } = errorPageFor(accept);
  const body = Buffer.from(render(message, exchange.requestId));
  return exit(status, body, new Map([['content-type', type]]));
}

/** A REST call is one, too, once grpc-gateway has taken it: over HTTP/2 Kong answers it as such. */
function isGrpcRequest({ request, upstreamHeaders }: Exchange): boolean {
  return request.httpVersion === 2 && (upstreamHeaders['content-type'] ?? '').startsWith(GRPC_TYPE);
}

function grpcReply(status: number, message: string | undefined, headers: Headers = new Map()): Reply {
  const code = grpcCodeOf(status);
  headers.set('grpc-status', String(code));
  headers.set('grpc-message', message ?? grpcMessageOf(code));
  return exit(status, Buffer.alloc(0), headers);
}

function exit(status: number, body: Buffer, headers: Headers): Reply {
  return { status, headers, body, source: 'exit' };
}

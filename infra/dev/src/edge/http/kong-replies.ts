import { errorPageFor } from './error-pages.ts';
import type { Exchange, Reply } from './exchange.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRPC_TYPE = 'application/grpc';
/** What nginx and uncaught errors are answered in when a request says nothing of types: Kong's `error_default_type`. */
const DEFAULT_TYPE = 'text/plain';

/**
 * An error that Kong's code tells of (`kong.response.error`), in the form that the client accepts, JSON unless it asks
 * for another one. The page names the request, which helps to find it in the logs.
 */
export function kongError(exchange: Exchange, status: number, message: string): Reply {
  return errorPage(exchange, status, message, exchange.request.headers.accept);
}

/**
 * An error of nginx, of an upstream or of a plugin that broke (Kong's error handler). A request that accepts nothing in
 * particular is answered in the type of its own body, which grpc-gateway has set to gRPC's by then.
 */
export function handledError(exchange: Exchange, status: number, message: string): Reply {
  const { accept } = exchange.request.headers;
  const wanted = accept ?? exchange.upstreamHeaders['content-type'] ?? DEFAULT_TYPE;
  if (wanted.startsWith(GRPC_TYPE)) return jsonReply(status, { message });
  return errorPage(exchange, status, message, wanted);
}

/** A table given to `kong.response.exit`: plain JSON. */
export function jsonReply(status: number, body: object): Reply {
  return { status, headers: new Map([['content-type', JSON_TYPE]]), body: Buffer.from(JSON.stringify(body)) };
}

/** A text given to `kong.response.exit`: no content type of its own. */
export function textReply(status: number, text: string): Reply {
  return { status, headers: new Map(), body: Buffer.from(text) };
}

/** What Kong answers to an uncaught error in a plugin. */
export function unexpectedError(exchange: Exchange): Reply {
  return handledError(exchange, 500, 'An unexpected error occurred');
}

function errorPage(exchange: Exchange, status: number, message: string, accept: string | undefined): Reply {
  const { type, render } = errorPageFor(accept);
  const body = Buffer.from(render(message, exchange.requestId));
  return { status, headers: new Map([['content-type', type]]), body };
}

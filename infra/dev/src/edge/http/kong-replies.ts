import type { Exchange, Reply } from './exchange.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The page that Kong's own errors carry: two keys, the second helps to find the request in the logs. */
export function kongError(exchange: Exchange, status: number, message: string): Reply {
  const body = `{\n  "message":"${message}",\n  "request_id":"${exchange.requestId}"\n}`;
  return { status, headers: new Map([['content-type', JSON_TYPE]]), body: Buffer.from(body) };
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
  return kongError(exchange, 500, 'An unexpected error occurred');
}

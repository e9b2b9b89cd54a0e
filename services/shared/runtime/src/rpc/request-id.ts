import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Anything else could forge log lines. */
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** Header that names a call through all services; answered on success and on failure. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The id that a request has been given, by the gateway or its client; one of its own where that is none. */
export function requestIdFrom(sent: string | null | undefined): string {
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID();
}

/** The same, of a request over HTTP. */
export function httpRequestId({ headers }: IncomingMessage): string {
  const sent = headers[REQUEST_ID_HEADER];
  return requestIdFrom(Array.isArray(sent) ? sent[0] : sent);
}

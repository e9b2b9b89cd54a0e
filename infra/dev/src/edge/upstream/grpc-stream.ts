import type { IncomingHttpHeaders } from 'node:http2';
import type { Headers } from '../http/exchange.ts';
import { isEndToEnd } from '../http/forwarded-headers.ts';
import { UpstreamError } from './upstream-error.ts';

/** With this Node cancels what was still waiting for the connection, and nothing else. */
const NOT_SENT = 'ERR_HTTP2_STREAM_CANCEL';

/**
 * Nothing is known to be lost when the connection never came about. A stream that the peer refuses unseen could go
 * again as well, but nginx does not ask why a stream was reset.
 */
export function brokenOff(error: NodeJS.ErrnoException | undefined): UpstreamError {
  if (error?.cause instanceof UpstreamError) return error.cause;
  return new UpstreamError('the call broke off', { cause: error, isSafeToRetry: error?.code === NOT_SENT });
}

/** Headers or trailers of an answer, without those of the connection and of its framing. */
export function endToEnd(received: IncomingHttpHeaders): Headers {
  const headers: Headers = new Map();
  for (const [name, value] of Object.entries(received)) {
    const isOurs = name.startsWith(':') || name === 'content-length' || !isEndToEnd(name);
    if (!isOurs && value !== undefined) headers.set(name, value);
  }
  return headers;
}

import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { IDEMPOTENCY_KEY_HEADER } from '../idempotency/idempotency.ts';
import { boundTimeouts } from '../rpc/client-timeout.ts';

/** What grpc-js does with a new call. */
export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/**
 * The HTTP/2 server behind a bound grpc-js server. grpc-js keeps it to itself, and has no other place where a connection
 * or a call can be refused before anything is done for it.
 *
 * @throws Error when this release of grpc-js keeps it elsewhere: better no server than one without its guards
 */
export function http2ServerOf(server: Server): Http2Server {
  const { http2Servers } = server as unknown as { http2Servers?: Map<Http2Server, unknown> };
  const [http2Server, ...others] = http2Servers?.keys() ?? [];
  if (!http2Server || others.length > 0 || http2Server.listenerCount('stream') !== 1)
    throw new Error('grpc-js does not keep one HTTP/2 server with one handler of streams any more');
  return http2Server;
}

/** Puts a guard in front of grpc-js. It passes a call on, or answers it itself. */
export function guardStreams(http2Server: Http2Server, guard: (next: OnStream) => OnStream): void {
  const [next] = http2Server.listeners('stream') as OnStream[];
  if (!next) throw new Error('nothing handles streams');
  http2Server.removeAllListeners('stream');
  http2Server.on('stream', guard(next.bind(http2Server)));
}

/**
 * grpc-js drops a header that is not printable ASCII without a word. For the idempotency key that would mean to do
 * things twice. What stands for it here is refused like any other key that is none.
 */
export function keepBadKeys(next: OnStream): OnStream {
  return (stream, headers, ...rest) => {
    const key = headers[IDEMPOTENCY_KEY_HEADER];
    if (typeof key === 'string' && /[^ -~]/.test(key)) headers[IDEMPOTENCY_KEY_HEADER] = 'not ASCII';
    next(stream, headers, ...rest);
  };
}

/** Calls whose client would wait for years, or has set no sensible deadline, are worked on like any other. */
export function keepTimeoutsShort(next: OnStream): OnStream {
  return (stream, headers, ...rest) => {
    boundTimeouts(headers);
    next(stream, headers, ...rest);
  };
}

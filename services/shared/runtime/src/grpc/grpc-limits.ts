import { constants, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { ConnectError } from '@connectrpc/connect';
import {
  type ListenerLoad,
  limitConnections,
  overLimit,
  REQUEST_TIMEOUT_MS,
} from '../rpc/listener-limits.ts';
import type { Occupancy, Share } from '../rpc/occupancy.ts';
import { failure } from './grpc-call.ts';
import { guardStreams } from './grpc-http2.ts';

/** Longest deadline of a call, and some time to read its answer. */
const CALL_TIMEOUT_MS = 75_000;
const SWEEP_MS = 1_000;

/** Where a call counts, by its path; anything else is a request. */
export type Kinds = ReadonlyMap<string, 'streams' | 'checks'>;

export interface GrpcLimitsOptions {
  readonly load: ListenerLoad;
  readonly kinds: Kinds;
  /** Default 20 s. */
  readonly requestTimeoutMs?: number;
  /** From the start of a call until its answer is read, unless it may stay open. Default 75 s. */
  readonly callTimeoutMs?: number;
}

/**
 * Limits what clients may have open on a gRPC listener: connections, calls, and calls that stay open, each in all, by
 * address and by connection. A call whose request is not there in time, or whose answer is not read, is reset.
 *
 * @returns ends the watch
 */
export function limitGrpc(http2Server: Http2Server, options: GrpcLimitsOptions): () => void {
  const { load, kinds } = options;
  limitConnections(http2Server, load);
  const since = new Map<ServerHttp2Stream, number>();
  guardStreams(http2Server, (next) => (stream, headers, ...rest) => {
    const what = kinds.get(headers[':path'] ?? '') ?? 'requests';
    const share = occupy(load[what], stream);
    if (share) {
      load.refused(what, share);
      return refuse(stream, overLimit(share));
    }
    if (what !== 'streams') {
      since.set(stream, performance.now());
      stream.once('close', () => since.delete(stream));
    }
    next(stream, headers, ...rest);
  });
  const timer = setInterval(() => resetLate(since, options), SWEEP_MS).unref();
  return () => clearInterval(timer);
}

function occupy(occupancy: Occupancy, stream: ServerHttp2Stream): Share | undefined {
  const { session } = stream;
  // The connection is gone, and the call with it: there is no client left to tell.
  if (!session || session.destroyed || stream.destroyed) return 'connection';
  const address = session.socket.remoteAddress ?? '';
  const share = occupancy.enter(address, session);
  if (!share) stream.once('close', () => occupancy.leave(address, session));
  return share;
}

/**
 * Answers a call in the place of grpc-js. A status without a message: one HEADERS frame. What the client still sends is not
 * waited for.
 */
export function refuse(stream: ServerHttp2Stream, error: ConnectError): void {
  // A client that is gone already is no error of ours.
  stream.on('error', () => {});
  if (stream.destroyed) return;
  if (stream.headersSent) {
    stream.close(constants.NGHTTP2_CANCEL);
    return;
  }
  const { code, details, metadata } = failure(error, new Headers());
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc+proto',
      'grpc-status': code,
      'grpc-message': encodeURI(details),
      ...metadata.toHttp2Headers(),
    },
    { endStream: true },
  );
  stream.close(constants.NGHTTP2_NO_ERROR);
}

function resetLate(
  since: ReadonlyMap<ServerHttp2Stream, number>,
  { requestTimeoutMs = REQUEST_TIMEOUT_MS, callTimeoutMs = CALL_TIMEOUT_MS }: GrpcLimitsOptions,
): void {
  const now = performance.now();
  for (const [stream, begun] of since) {
    const limit = stream.readableEnded ? callTimeoutMs : requestTimeoutMs;
    if (now - begun > limit) stream.close(constants.NGHTTP2_CANCEL);
  }
}

import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { KongService } from '../config/kong-config.ts';
import type { Exchange, GrpcCall, Headers, Reply } from '../http/exchange.ts';
import { isEndToEnd } from '../http/forwarded-headers.ts';
import { Http2Pool } from './http2-pool.ts';
import { UpstreamError, withRetries } from './upstream-error.ts';

/** Above this an answer is refused: gRPC servers send at most 4 MiB per message. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** With this Node cancels what was still waiting for the connection, and nothing else. */
const NOT_SENT = 'ERR_HTTP2_STREAM_CANCEL';

/**
 * Calls one gRPC upstream over raw HTTP/2. A gRPC library would hide what decides the answer here:
 * whether `grpc-status` came with the leading headers or only in the trailers, which Kong ignores.
 */
export class GrpcUpstream {
  readonly #service: KongService;
  readonly #pool: Http2Pool;

  constructor(service: KongService) {
    this.#service = service;
    this.#pool = new Http2Pool(service);
  }

  /** @throws {UpstreamError} unreachable, broken off, or silent for `read_timeout`. */
  async call(exchange: Exchange, call: GrpcCall): Promise<Reply> {
    const headers = requestHeaders(exchange, call, this.#service);
    return withRetries(this.#service.retries, () => this.#attempt(headers, call.message));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #attempt(headers: OutgoingHttpHeaders, message: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const stream = this.#open(headers);
      new GrpcReply(stream, this.#service.readTimeoutMs, resolve, reject);
      stream.end(message);
    });
  }

  #open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    try {
      return this.#pool.session().request(headers);
    } catch (cause) {
      throw new UpstreamError('the request could not be opened', { cause, isSafeToRetry: true });
    }
  }
}

function requestHeaders(
  exchange: Exchange,
  call: GrpcCall,
  { host, port }: KongService,
): OutgoingHttpHeaders {
  return {
    ...exchange.upstreamHeaders,
    ':method': 'POST',
    ':path': call.path,
    ':authority': `${host}:${port}`,
    'content-type': 'application/grpc',
    'content-length': String(call.message.length),
  };
}

/** Collects one reply; settles exactly once. */
class GrpcReply {
  readonly #stream: ClientHttp2Stream;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: UpstreamError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #headers: IncomingHttpHeaders | undefined;
  #size = 0;
  #error: NodeJS.ErrnoException | undefined;
  #isSettled = false;

  constructor(
    stream: ClientHttp2Stream,
    readTimeoutMs: number,
    resolve: (reply: Reply) => void,
    reject: (error: UpstreamError) => void,
  ) {
    this.#stream = stream;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(
      () => this.#fail(new UpstreamError('read timeout', { isTimeout: true })),
      readTimeoutMs,
    );
    stream.once('response', (headers) => {
      this.#headers = headers;
      this.#timer.refresh();
    });
    stream.on('data', (chunk: Buffer) => this.#collect(chunk));
    stream.once('error', (error: Error) => {
      this.#error = error;
    });
    // After 'error' too, and only then is the reason of the reset known.
    stream.once('close', () => this.#finish());
  }

  #collect(chunk: Buffer): void {
    this.#timer.refresh();
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > MAX_RESPONSE_BYTES) this.#fail(new UpstreamError('the answer is too large'));
  }

  #finish(): void {
    const headers = this.#headers;
    // A stream that fails has a code, too, unless its answer had already come whole.
    if (headers && this.#stream.rstCode === constants.NGHTTP2_NO_ERROR) {
      this.#settle(() => this.#resolve(toReply(headers, Buffer.concat(this.#chunks, this.#size))));
    } else this.#fail(brokenOff(this.#error));
  }

  #fail(error: UpstreamError): void {
    this.#settle(() => this.#reject(error));
    if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #settle(outcome: () => void): void {
    clearTimeout(this.#timer);
    if (this.#isSettled) return;
    this.#isSettled = true;
    outcome();
  }
}

/**
 * Nothing is known to be lost when the connection never came about. A stream that the peer refuses unseen could go
 * again as well, but nginx does not ask why a stream was reset.
 */
function brokenOff(error: NodeJS.ErrnoException | undefined): UpstreamError {
  if (error?.cause instanceof UpstreamError) return error.cause;
  return new UpstreamError('the call broke off', { cause: error, isSafeToRetry: error?.code === NOT_SENT });
}

function toReply(received: IncomingHttpHeaders, body: Buffer): Reply {
  const headers: Headers = new Map();
  for (const [name, value] of Object.entries(received)) {
    const isOurs = name.startsWith(':') || name === 'content-length' || !isEndToEnd(name);
    if (!isOurs && value !== undefined) headers.set(name, value);
  }
  return { status: Number(received[':status']), headers, body, fromGrpcUpstream: true };
}

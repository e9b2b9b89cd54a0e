import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { KongService } from '../config/kong-config.ts';
import type { Exchange, GrpcCall, Reply } from '../http/exchange.ts';
import { escapePath } from '../http/request-path.ts';
import { brokenOff, endToEnd } from './grpc-stream.ts';
import { Http2Pool } from './http2-pool.ts';
import { passCall } from './pass-call.ts';
import { UpstreamError, withRetries } from './upstream-error.ts';

/** Above this an answer is refused: gRPC servers send at most 4 MiB per message. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

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
    const headers = callHeaders(exchange, call, this.#service);
    return withRetries(this.#service.retries, () => this.#attempt(headers, call.message));
  }

  /**
   * Passes a native call on as it comes, in both directions at once: as nginx does, so that streams work too.
   *
   * @throws {UpstreamError} as {@link call}; {@link PayloadTooLargeError} when the client sends too much before it is answered.
   */
  async proxy(exchange: Exchange): Promise<Reply> {
    const { method, target, upstreamHeaders } = exchange;
    const pseudo = pseudoHeaders(method, escapePath(target.path), this.#service);
    const headers = { ...upstreamHeaders, ...pseudo };
    const options = { readTimeoutMs: this.#service.readTimeoutMs, maxBodyBytes: exchange.maxBodyBytes };
    return withRetries(this.#service.retries, () =>
      passCall(exchange.request, this.#open(headers, !exchange.request.hasBody), options),
    );
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

  #open(headers: OutgoingHttpHeaders, endStream = false): ClientHttp2Stream {
    try {
      return this.#pool.session().request(headers, { endStream });
    } catch (cause) {
      throw new UpstreamError('the request could not be opened', { cause, isSafeToRetry: true });
    }
  }
}

function callHeaders(exchange: Exchange, call: GrpcCall, service: KongService): OutgoingHttpHeaders {
  return {
    ...exchange.upstreamHeaders,
    ...pseudoHeaders('POST', call.path, service),
    'content-type': 'application/grpc',
    'content-length': String(call.message.length),
  };
}

function pseudoHeaders(method: string, path: string, { host, port }: KongService): OutgoingHttpHeaders {
  return { ':method': method, ':path': path, ':authority': `${host}:${port}` };
}

/** Collects one reply; settles exactly once. */
class GrpcReply {
  readonly #stream: ClientHttp2Stream;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: UpstreamError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #headers: IncomingHttpHeaders | undefined;
  #trailers: IncomingHttpHeaders = {};
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
    stream.once('trailers', (trailers) => {
      this.#trailers = trailers;
    });
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
      this.#settle(() => this.#resolve(this.#reply(headers)));
    } else this.#fail(brokenOff(this.#error));
  }

  #reply(received: IncomingHttpHeaders): Reply {
    const body = Buffer.concat(this.#chunks, this.#size);
    const status = Number(received[':status']);
    const trailers = () => endToEnd(this.#trailers);
    return { status, headers: endToEnd(received), body, trailers };
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

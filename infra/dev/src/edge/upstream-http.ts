import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import type { Exchange, Headers, Reply } from './exchange.ts';
import { isEndToEnd } from './forwarded-headers.ts';
import type { KongService } from './kong-config.ts';
import { UpstreamError, withRetries } from './upstream-error.ts';

/** Proxies to one HTTP/1.1 upstream; bodies pass unchanged, answers are streamed. */
export class HttpUpstream {
  readonly #service: KongService;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });

  constructor(service: KongService) {
    this.#service = service;
  }

  /** @throws {UpstreamError} unreachable, broken off before its headers, or silent for `read_timeout`. */
  async forward(exchange: Exchange): Promise<Reply> {
    const body = await exchange.readBody();
    const { rawPath, rawQuery } = exchange.target;
    const options = {
      agent: this.#agent,
      host: this.#service.host,
      port: this.#service.port,
      method: exchange.method,
      path: rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`,
      headers: requestHeaders(exchange, body, this.#service),
    };
    return withRetries(this.#service.retries, () => this.#attempt(request(options), body));
  }

  /** Closes idle connections; answers still being streamed go on to their end. */
  close(): void {
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  #attempt(outgoing: ClientRequest, body: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      outgoing.setTimeout(this.#service.readTimeoutMs, () => {
        outgoing.destroy(new UpstreamError('read timeout', { isTimeout: true }));
      });
      outgoing.once('response', (incoming) => resolve(toReply(incoming)));
      outgoing.on('error', (error) => reject(toUpstreamError(error, outgoing)));
      outgoing.end(body);
    });
  }
}

function requestHeaders(exchange: Exchange, body: Buffer, { host, port }: KongService): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...exchange.upstreamHeaders, host: `${host}:${port}` };
  const mayHaveBody = !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(exchange.method);
  if (body.length > 0 || mayHaveBody) headers['content-length'] = String(body.length);
  return headers;
}

/** A kept connection that the upstream had just closed counts as not reached. */
function toUpstreamError(error: Error, outgoing: ClientRequest): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const isSafeToRetry = code === 'ECONNREFUSED' || (outgoing.reusedSocket && code === 'ECONNRESET');
  return new UpstreamError('the upstream broke off', { cause: error, isSafeToRetry });
}

function toReply(incoming: IncomingMessage): Reply {
  const headers: Headers = new Map();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && isEndToEnd(name)) headers.set(name, value);
  }
  return { status: incoming.statusCode ?? 502, headers, body: incoming };
}

import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import type { KongService } from '../config/kong-config.ts';
import type { Exchange, Headers, Reply } from '../http/exchange.ts';
import { isEndToEnd } from '../http/forwarded-headers.ts';
import { escapePath } from '../http/request-path.ts';
import { UpstreamError, withRetries } from './upstream-error.ts';

/** As nginx: when something of these may have arrived, they are not sent again. */
const NON_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH']);

/** Proxies to one HTTP/1.1 upstream; bodies pass unchanged, answers are streamed. */
export class HttpUpstream {
  readonly #service: KongService;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });

  constructor(service: KongService) {
    this.#service = service;
  }

  /** @throws {UpstreamError} unreachable, broken off before its headers, or silent for too long. */
  async forward(exchange: Exchange): Promise<Reply> {
    const body = await exchange.readBody();
    const path = escapePath(exchange.target.path);
    const { rawQuery } = exchange.target;
    const options = {
      agent: this.#agent,
      host: this.#service.host,
      port: this.#service.port,
      method: exchange.method,
      path: rawQuery === '' ? path : `${path}?${rawQuery}`,
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
    const { connectTimeoutMs, readTimeoutMs } = this.#service;
    return new Promise((resolve, reject) => {
      let isConnected = false;
      const isSafeToRetry = () => !isConnected || !NON_IDEMPOTENT.has(outgoing.method);
      const expire = (message: string) => () =>
        void outgoing.destroy(
          new UpstreamError(message, { isTimeout: true, isSafeToRetry: isSafeToRetry() }),
        );
      const connecting = setTimeout(expire('connect timeout'), connectTimeoutMs);
      onceConnected(outgoing, () => {
        isConnected = true;
        clearTimeout(connecting);
      });
      outgoing.setTimeout(readTimeoutMs, expire('read timeout'));
      outgoing.once('response', (incoming) => resolve(toReply(incoming)));
      outgoing.on('error', (error) => {
        clearTimeout(connecting);
        reject(toUpstreamError(error, isSafeToRetry()));
      });
      outgoing.end(body);
    });
  }
}

function onceConnected(outgoing: ClientRequest, connected: () => void): void {
  outgoing.once('socket', (socket) => (socket.connecting ? socket.once('connect', connected) : connected()));
}

function requestHeaders(exchange: Exchange, body: Buffer, { host, port }: KongService): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...exchange.upstreamHeaders, host: `${host}:${port}` };
  const mayHaveBody = !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(exchange.method);
  if (body.length > 0 || mayHaveBody) headers['content-length'] = String(body.length);
  return headers;
}

function toUpstreamError(error: Error, isSafeToRetry: boolean): UpstreamError {
  if (error instanceof UpstreamError) return error;
  return new UpstreamError('the upstream broke off', { cause: error, isSafeToRetry });
}

function toReply(incoming: IncomingMessage): Reply {
  const headers: Headers = new Map();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && isEndToEnd(name)) headers.set(name, value);
  }
  return { status: incoming.statusCode ?? 502, headers, body: incoming };
}

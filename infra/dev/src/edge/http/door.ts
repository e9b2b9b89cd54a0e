import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { type ClientRequest, requestOfHttp1, requestOfHttp2 } from './client-request.ts';
import type { Exchange, Reply } from './exchange.ts';
import { serveBothVersions } from './http-versions.ts';
import { sendReply } from './send-reply.ts';
import { sendReplyHttp2 } from './send-reply-http2.ts';
import { endWithReply, unreadableRequest } from './unreadable.ts';

interface DoorOptions {
  /** Answers one request; never rejects. */
  readonly serve: (request: ClientRequest) => Promise<{ readonly exchange: Exchange; readonly reply: Reply }>;
  /** Hears of answers that broke off after they had begun. */
  readonly broke: (error: unknown) => void;
}

/** As nginx: longer than clients usually keep an idle connection. */
const KEEP_ALIVE_MS = 75_000;
const FIRST_BYTES_MS = 60_000;
/** Above what nginx takes, so that what is too large is refused as nginx does. */
const MAX_HEADER_BYTES = 64 * 1024;
/** As nginx: what one connection of HTTP/2 may have open at a time. */
const MAX_STREAMS = 128;
const DRAIN_TIMEOUT_MS = 10_000;

/** Where clients come in: one port that speaks HTTP/1.1, and HTTP/2 without TLS. */
export class Door {
  readonly #options: DoorOptions;
  readonly #http1: Server;
  readonly #http2 = createHttp2Server({ settings: { maxConcurrentStreams: MAX_STREAMS } });
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Those that have said nothing yet. */
  readonly #undecided: ReadonlySet<Socket>;
  /** What is being answered on a connection of HTTP/1. */
  readonly #responses = new WeakMap<Socket, ServerResponse>();
  #isClosing = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#http1 = createServer({
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false, // refused with the others, and not by an empty answer
    });
    this.#http1.on('request', (message, response) => {
      this.#responses.set(message.socket, response);
      void this.#answer(requestOfHttp1(message), response, (exchange, reply) => {
        if (this.#isClosing) response.shouldKeepAlive = false;
        return sendReply(response, exchange, reply);
      });
    });
    // An expectation that nobody knows is passed over, as by nginx.
    this.#http1.on('checkExpectation', (...asked) => this.#http1.emit('request', ...asked));
    this.#http1.on('clientError', (error, socket) => this.#refuse(socket as Socket, error));
    this.#http1.on('connect', (_message, socket) => this.#refuse(socket as Socket, new Error('CONNECT')));
    this.#http2.on('stream', (stream, headers, _flags, rawHeaders) => {
      // Told to whoever writes or reads; without a listener it would end the process.
      stream.on('error', () => undefined);
      const request = requestOfHttp2(stream, headers, rawHeaders);
      void this.#answer(request, stream, (exchange, reply) => sendReplyHttp2(stream, exchange, reply));
    });
    this.#http2.on('session', (session) => this.#keep(session));
    this.#undecided = serveBothVersions(this.#http1, this.#http2, FIRST_BYTES_MS);
  }

  get port(): number {
    return (this.#http1.address() as AddressInfo).port;
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http1.once('error', reject);
      this.#http1.listen(port, host, resolve);
    });
  }

  /** Takes no new connections, lets requests in progress end (10 s at most), closes everything. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#http1.close(() => resolve()));
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions) session.close();
    for (const socket of this.#undecided) socket.destroy();
    const impatience = setTimeout(() => {
      this.#http1.closeAllConnections();
      for (const session of this.#sessions) session.destroy();
    }, DRAIN_TIMEOUT_MS);
    await closed;
    clearTimeout(impatience);
  }

  #keep(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => undefined);
  }

  /** What is no request is answered all the same, unless another answer is under way or the connection has gone. */
  #refuse(socket: Socket, error: NodeJS.ErrnoException): void {
    const response = this.#responses.get(socket);
    const begun = response?.headersSent && !response.writableFinished;
    if (begun || !socket.writable || !isSyntax(error)) socket.destroy();
    else
      void this.#answer(unreadableRequest(socket, error), socket, async (exchange, reply) =>
        endWithReply(socket, exchange, reply),
      );
  }

  async #answer(
    request: ClientRequest,
    connection: { readonly destroyed: boolean; destroy(): unknown },
    send: (exchange: Exchange, reply: Reply) => Promise<void>,
  ): Promise<void> {
    try {
      const { exchange, reply } = await this.#options.serve(request);
      await send(exchange, reply);
    } catch (error) {
      if (!connection.destroyed) this.#options.broke(error);
      connection.destroy();
    }
  }
}

/** A client that sends nothing more, or has gone, is told nothing. */
function isSyntax({ code }: NodeJS.ErrnoException): boolean {
  return code === undefined || code.startsWith('HPE_');
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
}

/** What a provider answers; a body that is no text is written as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * What happens to a request instead: another answer, none at all, a connection that is cut before (`CUT`) or after the message is
 * taken (`CUT_AFTER`), an answer that does not end.
 */
export type Fault = Answer | 'SILENCE' | 'CUT' | 'CUT_AFTER' | 'ENDLESS';

/** What every stand-in can be told. */
export interface StandInOptions<M> {
  /** Where callers find it, when it answers behind another server than its own. */
  readonly url?: string;
  /** Told of each message that it takes, and what it calls it. */
  onTaken?(message: M, id: string): void;
}

/** More than any request may have. */
const MOST_BYTES = 4 * 1_024 * 1_024;
/** Messages that are remembered: a local stack runs for weeks. */
const MOST_RECEIVED = 1_000;

/** A provider on this machine. What it answers its subclass knows; `M` is a message that it takes. */
export abstract class StandIn<M> {
  /** What the next requests meet, first to last; then they are answered. */
  readonly faults: Fault[] = [];
  /** The messages that it has taken, oldest first; of very many the last ones. */
  readonly received: M[] = [];
  /** Requests that came, whatever became of them. */
  requests = 0;
  readonly #options: StandInOptions<M>;
  #server: Server | undefined;
  #port = 0;

  constructor(options: StandInOptions<M> = {}) {
    this.#options = options;
  }

  /** The answer to a request; undefined where there is no such path. */
  abstract respond(request: ProviderRequest): Answer | undefined | Promise<Answer | undefined>;

  /** Whether this request may meet what is in its way. */
  protected mayFail(_request: ProviderRequest): boolean {
    return true;
  }

  /** A message is delivered, under the name that its sender is told. */
  protected take(message: M, id: string): void {
    this.received.push(message);
    if (this.received.length > MOST_RECEIVED) this.received.shift();
    this.#options.onTaken?.(message, id);
  }

  /** Where callers find it: once it listens, unless that was told. */
  get url(): string {
    return this.#options.url ?? `http://127.0.0.1:${this.#port}`;
  }

  /** Listens on the port, by default on the one that it had before, else on any. */
  async start(port = this.#port): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Cuts what is in progress; without effect on one that does not listen. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const bytes = await bytesOf(incoming);
    if (bytes === undefined) return send(response, { status: 413 });
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, bytes };
    const fault = this.mayFail(request) ? this.faults.shift() : undefined;
    if (fault === 'SILENCE') return;
    if (fault === 'CUT') return void incoming.socket.destroy();
    if (fault === 'ENDLESS') return drip(response);
    const answer = typeof fault === 'object' ? fault : await this.respond(request);
    if (fault === 'CUT_AFTER') return void incoming.socket.destroy();
    send(response, answer ?? { status: 404, body: { message: 'not found' } });
  }
}

/** Undefined when it is longer than any message: it is read to its end, or who sends it would not read the answer. */
async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MOST_BYTES) chunks.push(chunk);
  }
  return length <= MOST_BYTES ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
}

/** Much more than an answer is, piece by piece, without an end. */
function drip(response: ServerResponse): void {
  response.writeHead(500, { 'content-type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(16_384)));
  };
  response.on('drain', more);
  more();
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came, with a body that is JSON, or the fields of a form. */
export interface Pedido {
  readonly cabecalhos: IncomingMessage['headers'];
  readonly corpo: unknown;
}

export interface RespostaFalsa {
  readonly status: number;
  readonly cabecalhos?: Readonly<Record<string, string>>;
  readonly corpo?: unknown;
}

/** What one provider documents of the one call that is made. */
export interface ApiDocumentada {
  readonly caminho: string;
  /** Media type of the bodies it takes. Default JSON. */
  readonly tipo?: 'application/json' | 'application/x-www-form-urlencoded';
  /** What shows the key. Default `Bearer <key>`. */
  autorizacao?(chave: string): string;
  /** With what it answers who shows no key, or another one. */
  readonly semChave: RespostaFalsa;
  /** What is wrong with a request. */
  conferir(pedido: Pedido): RespostaFalsa | undefined;
  /** The answer to a request that is as documented; what is delivered is kept here. */
  aceitar(pedido: Pedido): RespostaFalsa;
}

/**
 * What happens to a request instead: another answer, none at all, a connection that is cut before (`CORTAR`) or after the
 * message is taken (`CORTAR_DEPOIS`), an answer that does not end.
 */
export type Tropeco = RespostaFalsa | 'CALAR' | 'CORTAR' | 'CORTAR_DEPOIS' | 'NAO_ACABAR';

export const CHAVE = 'chave-do-provedor-0123456789';

/** A provider's API on this machine that takes nothing but what its documentation says. */
export class ApiFalsa {
  /** What the next requests meet, first to last; then they are answered. */
  readonly tropecos: Tropeco[] = [];
  /** Requests that came, whatever became of them. */
  pedidos = 0;
  /** The key that is valid. */
  chave = CHAVE;
  readonly #api: ApiDocumentada;
  #server: Server | undefined;
  #port = 0;

  constructor(api: ApiDocumentada) {
    this.#api = api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.pedidos += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const tropeco = this.tropecos.shift();
    if (tropeco === 'CALAR') return;
    if (tropeco === 'CORTAR') return void request.socket.destroy();
    if (tropeco === 'NAO_ACABAR') return drip(response);
    const regular = typeof tropeco === 'object' ? tropeco : this.#regular(request, Buffer.concat(chunks));
    if (tropeco === 'CORTAR_DEPOIS') return void request.socket.destroy();
    response.writeHead(regular.status, { 'content-type': 'application/json', ...regular.cabecalhos });
    response.end(regular.corpo === undefined ? '' : JSON.stringify(regular.corpo));
  }

  #regular({ method, url, headers }: IncomingMessage, bytes: Buffer): RespostaFalsa {
    if (url !== this.#api.caminho) return { status: 404, corpo: { message: 'not found' } };
    if (method !== 'POST') return { status: 405, corpo: { message: 'method not allowed' } };
    const { tipo = 'application/json', autorizacao = (chave) => `Bearer ${chave}` } = this.#api;
    if (headers.authorization !== autorizacao(this.chave)) return this.#api.semChave;
    if (headers['content-type']?.split(';', 1)[0] !== tipo) return { status: 415 };
    const texto = bytes.toString('utf8');
    const corpo: unknown =
      tipo === 'application/json' ? JSON.parse(texto) : Object.fromEntries(new URLSearchParams(texto));
    const pedido = { cabecalhos: headers, corpo };
    return this.#api.conferir(pedido) ?? this.#api.aceitar(pedido);
  }
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

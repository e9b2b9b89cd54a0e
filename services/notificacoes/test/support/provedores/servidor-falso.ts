import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RespostaFalsa } from './api-falsa.ts';

/** A request as it came. */
export interface PedidoCru {
  readonly metodo: string;
  readonly caminho: string;
  readonly cabecalhos: IncomingMessage['headers'];
  readonly bytes: Buffer;
}

/** What happens to a request instead: another answer, none at all, or a connection that is cut. */
export type TropecoCru = RespostaFalsa | 'CALAR' | 'CORTAR';

/** A server of a provider on this machine; what it answers its subclass knows. */
export abstract class ServidorFalso {
  /** What the next requests meet, first to last; then they are answered. */
  readonly tropecos: TropecoCru[] = [];
  #server: Server | undefined;
  #port = 0;

  /** The answer to a request. */
  protected abstract responder(pedido: PedidoCru): Promise<RespostaFalsa>;

  /** Whether this request may meet what is in its way. */
  protected tropeca(_pedido: PedidoCru): boolean {
    return true;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(port = this.#port): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(port, '127.0.0.1');
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
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method: metodo = '', url: caminho = '', headers: cabecalhos } = request;
    const pedido = { metodo, caminho, cabecalhos, bytes: Buffer.concat(chunks) };
    const tropeco = this.tropeca(pedido) ? this.tropecos.shift() : undefined;
    if (tropeco === 'CALAR') return;
    if (tropeco === 'CORTAR') return void request.socket.destroy();
    const { status, cabecalhos: extras, corpo } = tropeco ?? (await this.responder(pedido));
    response.writeHead(status, { 'content-type': 'application/json', ...extras });
    response.end(corpo === undefined ? '' : JSON.stringify(corpo));
  }
}

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Recebido {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
  readonly corpo: string;
}

/** A receiver as an integrator would write it: what the public library does not verify it does not take. */
export class Receptor {
  readonly recebidos: Recebido[] = [];
  /** Of the integrator; nothing is verified without. */
  chave = '';
  /** What it answers; not before {@link soltar} when undefined. */
  responder: (recebido: Recebido) => number | undefined = () => 204;
  readonly #presas: ServerResponse[] = [];
  readonly #servidor: Server;

  constructor() {
    this.#servidor = createServer((pedido, resposta) => {
      const partes: Buffer[] = [];
      pedido.on('data', (parte: Buffer) => partes.push(parte));
      pedido.on('end', () => {
        const corpo = Buffer.concat(partes).toString('utf8');
        const headers = pedido.headers as Record<string, string>;
        if (this.chave !== '') new Webhook(this.chave).verify(corpo, headers);
        const recebido = { ...JSON.parse(corpo), id: headers['webhook-id'], headers, corpo } as Recebido;
        this.recebidos.push(recebido);
        const status = this.responder(recebido);
        if (status === undefined) this.#presas.push(resposta);
        else resposta.writeHead(status).end('visto');
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#servidor.address() as AddressInfo).port}/ganchos`;
  }

  /** Answers all that waits for an answer. */
  soltar(status: number): void {
    for (const resposta of this.#presas.splice(0)) resposta.writeHead(status).end('visto');
  }

  start(): Promise<void> {
    return new Promise((resolve) => void this.#servidor.listen(0, '127.0.0.1', resolve));
  }

  stop(): Promise<void> {
    this.#servidor.closeAllConnections();
    return new Promise((resolve) => void this.#servidor.close(() => resolve()));
  }
}

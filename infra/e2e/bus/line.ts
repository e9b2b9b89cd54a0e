import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Quadro, Quadros } from './quadros.ts';
import { type Entrega, entregaDe, type Vigia } from './vigia.ts';

/** How long a message of this subject is kept back on its way to the replica; 0: not at all. */
export type Atraso = (assunto: string) => number;

const FEITO = '+ACK';

/**
 * The only way between one replica and NATS. It can be cut, lose the answers of the replica, hold back the receipts of
 * what it publishes, and slow some messages down, so that others overtake them.
 */
export class Linha {
  readonly #replica: string;
  readonly #destino: number;
  readonly #vigia: Vigia;
  readonly #server: Server;
  readonly #ligacoes = new Set<Socket>();
  #recibos: Array<() => void> | undefined;
  /** While true, what the replica answers to deliveries is lost. */
  muda = false;
  atraso: Atraso = () => 0;
  /** Answers that were lost. */
  perdidas = 0;
  /** Messages that came after one that NATS had sent later. */
  ultrapassadas = 0;
  #enviadas = 0;
  #maiorEntregue = 0;

  private constructor(replica: string, destino: number, vigia: Vigia) {
    this.#replica = replica;
    this.#destino = destino;
    this.#vigia = vigia;
    this.#server = createServer((socket) => this.#ligar(socket));
  }

  /** @param destino port of NATS */
  static async abrir(replica: string, destino: number, vigia: Vigia): Promise<Linha> {
    const linha = new Linha(replica, destino, vigia);
    await new Promise<void>((resolve) => linha.#server.listen(0, '127.0.0.1', resolve));
    return linha;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection; the replica may connect again at once. */
  cortar(): void {
    for (const ligacao of this.#ligacoes) ligacao.destroy();
  }

  /** From now on the replica does not hear that what it publishes is stored. */
  segurarRecibos(): void {
    this.#recibos ??= [];
  }

  /** Receipts that are held back. */
  get recibosRetidos(): number {
    return this.#recibos?.length ?? 0;
  }

  soltarRecibos(): void {
    const recibos = this.#recibos ?? [];
    this.#recibos = undefined;
    for (const soltar of recibos) soltar();
  }

  async fechar(): Promise<void> {
    this.cortar();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #ligar(replica: Socket): void {
    const nats = connect(this.#destino, '127.0.0.1');
    for (const [um, outro] of [
      [replica, nats],
      [nats, replica],
    ] as const) {
      this.#ligacoes.add(um);
      um.setNoDelay(true);
      um.on('error', () => um.destroy());
      um.on('close', () => {
        this.#ligacoes.delete(um);
        outro.destroy();
      });
    }
    const [subindo, descendo] = [new Quadros(), new Quadros()];
    replica.on('data', (pedaco: Buffer) => {
      for (const quadro of subindo.ler(pedaco)) this.#subir(quadro, nats);
    });
    nats.on('data', (pedaco: Buffer) => {
      for (const quadro of descendo.ler(pedaco)) this.#descer(quadro, replica);
    });
  }

  #subir(quadro: Quadro, nats: Socket): void {
    const entrega = quadro.operacao === 'PUB' ? entregaDe(quadro.campos[0]) : undefined;
    if (entrega && quadro.corpo.startsWith(FEITO)) this.#vigia.acabada(this.#replica, entrega);
    if (entrega && this.muda) this.perdidas += 1;
    else enviar(nats, quadro);
  }

  #descer(quadro: Quadro, replica: Socket): void {
    const recibo = reciboDe(quadro);
    const entrega = entregaDe(quadro.campos[2]);
    if (recibo) this.#vigia.publicada(this.#replica, recibo.stream, recibo.duplicate === true);
    if (recibo && this.#recibos) this.#recibos.push(() => enviar(replica, quadro));
    else if (entrega) this.#entregar(quadro, entrega, replica);
    else enviar(replica, quadro);
  }

  #entregar(quadro: Quadro, entrega: Entrega, replica: Socket): void {
    const ordem = ++this.#enviadas;
    setTimeout(
      () => {
        if (ordem < this.#maiorEntregue) this.ultrapassadas += 1;
        this.#maiorEntregue = Math.max(this.#maiorEntregue, ordem);
        this.#vigia.entregue(this.#replica, entrega);
        enviar(replica, quadro);
      },
      this.atraso(quadro.campos[0] ?? ''),
    );
  }
}

function enviar(socket: Socket, { bytes }: Quadro): void {
  if (!socket.destroyed) socket.write(bytes);
}

/** What the stream says about a publication. */
function reciboDe({ operacao, corpo }: Quadro): { stream: string; duplicate?: boolean } | undefined {
  if (operacao !== 'MSG' || !/^\{"stream":"[A-Z]+", ?"seq":/.test(corpo)) return undefined;
  return JSON.parse(corpo);
}

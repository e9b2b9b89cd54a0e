import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Frame, Frames } from './frames.ts';
import { type Delivery, deliveryOf, type Watcher } from './watcher.ts';

/** How long a message of this subject is kept back on its way to the replica; 0: not at all. */
export type Lag = (subject: string) => number;

const DONE = '+ACK';

/**
 * The only way between one replica and NATS. It can be cut, lose the answers of the replica, hold back the receipts of
 * what it publishes, and slow some messages down, so that others overtake them.
 */
export class Line {
  readonly #replica: string;
  readonly #target: number;
  readonly #watcher: Watcher;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  #receipts: Array<() => void> | undefined;
  /** While true, what the replica answers to deliveries is lost. */
  muted = false;
  lag: Lag = () => 0;
  /** Answers that were lost. */
  lost = 0;
  /** Messages that came after one that NATS had sent later. */
  overtaken = 0;
  #sent = 0;
  #highestDelivered = 0;

  private constructor(replica: string, target: number, watcher: Watcher) {
    this.#replica = replica;
    this.#target = target;
    this.#watcher = watcher;
    this.#server = createServer((socket) => this.#join(socket));
  }

  /** @param target port of NATS */
  static async open(replica: string, target: number, watcher: Watcher): Promise<Line> {
    const line = new Line(replica, target, watcher);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection; the replica may connect again at once. */
  cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** From now on the replica does not hear that what it publishes is stored. */
  holdReceipts(): void {
    this.#receipts ??= [];
  }

  /** Receipts that are held back. */
  get heldReceipts(): number {
    return this.#receipts?.length ?? 0;
  }

  releaseReceipts(): void {
    const receipts = this.#receipts ?? [];
    this.#receipts = undefined;
    for (const release of receipts) release();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(replica: Socket): void {
    const nats = connect(this.#target, '127.0.0.1');
    for (const [one, other] of [
      [replica, nats],
      [nats, replica],
    ] as const) {
      this.#connections.add(one);
      one.setNoDelay(true);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#connections.delete(one);
        other.destroy();
      });
    }
    const [up, down] = [new Frames(), new Frames()];
    replica.on('data', (chunk: Buffer) => {
      for (const frame of up.read(chunk)) this.#passUp(frame, nats);
    });
    nats.on('data', (chunk: Buffer) => {
      for (const frame of down.read(chunk)) this.#passDown(frame, replica);
    });
  }

  #passUp(frame: Frame, nats: Socket): void {
    const delivery = frame.operation === 'PUB' ? deliveryOf(frame.fields[0]) : undefined;
    if (delivery && frame.body.startsWith(DONE)) this.#watcher.finished(this.#replica, delivery);
    if (delivery && this.muted) this.lost += 1;
    else send(nats, frame);
  }

  #passDown(frame: Frame, replica: Socket): void {
    const receipt = receiptOf(frame);
    const delivery = deliveryOf(frame.fields[2]);
    if (receipt) this.#watcher.published(this.#replica, receipt.stream, receipt.duplicate === true);
    if (receipt && this.#receipts) this.#receipts.push(() => send(replica, frame));
    else if (delivery) this.#deliver(frame, delivery, replica);
    else send(replica, frame);
  }

  #deliver(frame: Frame, delivery: Delivery, replica: Socket): void {
    const order = ++this.#sent;
    setTimeout(
      () => {
        if (order < this.#highestDelivered) this.overtaken += 1;
        this.#highestDelivered = Math.max(this.#highestDelivered, order);
        this.#watcher.delivered(this.#replica, delivery);
        send(replica, frame);
      },
      this.lag(frame.fields[0] ?? ''),
    );
  }
}

function send(socket: Socket, { bytes }: Frame): void {
  if (!socket.destroyed) socket.write(bytes);
}

/** What the stream says about a publication. */
function receiptOf({ operation, body }: Frame): { stream: string; duplicate?: boolean } | undefined {
  if (operation !== 'MSG' || !/^\{"stream":"[A-Z]+", ?"seq":/.test(body)) return undefined;
  return JSON.parse(body);
}

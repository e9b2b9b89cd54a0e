import { delay } from '@plataforma/runtime/wait';

/** One delivery of a message, as its reply subject tells. */
export interface Delivery {
  readonly stream: string;
  readonly consumer: string;
  /** Of the message in its stream. */
  readonly sequence: number;
  /** 1 at the first delivery. */
  readonly attempt: number;
}

/** Undefined where the subject is not one that acknowledges a delivery. */
export function deliveryOf(reply: string | undefined): Delivery | undefined {
  const [js, ack, stream = '', consumer = '', attempt, sequence] = reply?.split('.') ?? [];
  if (js !== '$JS' || ack !== 'ACK') return undefined;
  return { stream, consumer, sequence: Number(sequence), attempt: Number(attempt) };
}

/** So long after its delivery a message without an answer counts as being worked on. */
const IN_HAND_MS = 1_000;

interface Holding {
  readonly since: number;
  finished: boolean;
}

/** Sees what travels between the replicas and NATS, and counts what a disturbance has brought about. */
export class Watcher {
  /** Per message and consumer: who got it, and whether they said that it was done. */
  readonly #holdings = new Map<string, Map<string, Holding>>();
  readonly #finishedBy = new Map<string, Set<string>>();
  readonly #publishedBy = new Map<string, Set<string>>();
  #waiting: Array<{ readonly replica: string; readonly notify: () => void }> = [];
  /** Deliveries that were not the first of their message. */
  redelivered = 0;
  /** Deliveries to one replica while the other one had the message in hand. */
  sideBySide = 0;
  /** Messages that both replicas said were done. */
  finishedByBoth = 0;
  /** Publications that the stream had already. */
  publishedAgain = 0;

  delivered(replica: string, delivery: Delivery): void {
    if (delivery.attempt > 1) this.redelivered += 1;
    const holdings = this.#holdings.get(key(delivery)) ?? new Map<string, Holding>();
    this.#holdings.set(key(delivery), holdings);
    if ([...holdings].some(([other, { finished }]) => other !== replica && !finished)) this.sideBySide += 1;
    holdings.set(replica, { since: performance.now(), finished: false });
    for (const { notify } of this.#waiting.filter((who) => who.replica === replica)) notify();
  }

  /** Resolves with the next delivery to this replica, or after a while without one. */
  async nextDelivery(replica: string, waitMs: number): Promise<void> {
    const arrival = new AbortController();
    const who = { replica, notify: () => arrival.abort() };
    this.#waiting.push(who);
    await delay(waitMs, arrival.signal);
    this.#waiting = this.#waiting.filter((other) => other !== who);
  }

  finished(replica: string, delivery: Delivery): void {
    include(this.#finishedBy, delivery.consumer, replica);
    const holdings = this.#holdings.get(key(delivery));
    const holding = holdings?.get(replica);
    if (!holding || holding.finished) return;
    holding.finished = true;
    if ([...(holdings ?? [])].every(([, other]) => other.finished) && holdings?.size === 2)
      this.finishedByBoth += 1;
  }

  /** @param known the stream had it already */
  published(replica: string, stream: string, known: boolean): void {
    include(this.#publishedBy, stream, replica);
    if (known) this.publishedAgain += 1;
  }

  /** Whether this replica has got a message a moment ago and not answered yet. */
  isWorking(replica: string): boolean {
    const limit = performance.now() - IN_HAND_MS;
    return [...this.#holdings.values()].some((holdings) => {
      const holding = holdings.get(replica);
      return holding !== undefined && !holding.finished && holding.since > limit;
    });
  }

  /** Replicas that finished messages of each consumer. */
  get finishedBy(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#finishedBy;
  }

  /** Replicas that published into each stream. */
  get publishedBy(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#publishedBy;
  }
}

const key = ({ stream, consumer, sequence }: Delivery) => `${stream}/${consumer}/${sequence}`;

function include(map: Map<string, Set<string>>, name: string, replica: string): void {
  map.set(name, (map.get(name) ?? new Set()).add(replica));
}

import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { type Random, shuffled } from '@plataforma/dev/stripe/switches/seeded-random';
import { fromNatsHeaders } from '@plataforma/runtime/event-message';
import { delay } from '@plataforma/runtime/wait';
import { SERVICES, type Service } from '../torturer/rig.ts';
import type { Cluster, Replica } from './cluster.ts';

/** How long it goes on. */
const DISTURBANCE_MS = 40_000;
/** Longer than the server waits for an answer (30 s), and than any replica holds a lock that others need at once. */
const FROZEN_MS = 32_500;
/** A disturbance that finds nothing to disturb is given up. */
const WAIT_MS = 10_000;
/** Shorter than anybody waits for a lock. */
const LOCKED_MS = 2_000;
/** From the line to the database. */
const ARRIVAL_MS = 150;
/** Of one replica: enough for some of their messages to come to the other one. */
const LOST_ANSWERS = 6;
const RELAY_LOCK = 7_301_002;
const MAX_LAG_MS = 1_500;

const STREAMS = ['RESERVAS', 'PAGAMENTOS'] as const;

interface Blow {
  /** Left out: not worth a line. */
  readonly label?: string;
  readonly atMs: number;
  strike(): Promise<unknown>;
}

/**
 * Does hostile things to the bus and to those who hang on it. The seed decides what is done to whom and when; what that
 * one had in hand just then, and who wins a race, it cannot decide.
 */
export class Disturber {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #start = performance.now();
  readonly #counts = {
    frozenAtWork: 0,
    killedAtWork: 0,
    cuts: 0,
    restarts: 0,
    relays: 0,
    repeated: 0,
  };
  /** What was done, and when. */
  readonly steps: string[] = [];

  constructor(cluster: Cluster, random: Random) {
    this.#cluster = cluster;
    this.#random = random;
  }

  /** How often each kind of disturbance was really there. */
  get blows(): Readonly<Record<string, number>> {
    const { frozenAtWork, killedAtWork, cuts, restarts, relays, repeated } = this.#counts;
    const sum = (field: 'lost' | 'overtaken') =>
      this.#cluster.replicas.reduce((total, { line }) => total + line[field], 0);
    return {
      'replicas frozen with work in hand': frozenAtWork,
      'replicas killed with work in hand': killedAtWork,
      'connections cut': cuts,
      'answers lost': sum('lost'),
      'restarts of NATS': restarts,
      'relays taken from between publication and mark': relays,
      'events published again from outside': repeated,
      'messages overtaken': sum('overtaken'),
    };
  }

  /** All of it, and everything is whole again when it resolves. */
  async disturb(): Promise<void> {
    this.#slowDown();
    try {
      await Promise.all(this.#plan().map((blow) => this.#onTime(blow)));
    } finally {
      this.#release();
    }
  }

  #release(): void {
    for (const replica of this.#cluster.replicas) {
      this.#cluster.thaw(replica);
      replica.line.muted = false;
      replica.line.lag = () => 0;
      replica.line.releaseReceipts();
    }
  }

  async #onTime({ label, atMs, strike }: Blow): Promise<void> {
    await delay(atMs);
    const start = this.#seconds();
    await strike();
    if (label) this.steps.push(`${start} to ${this.#seconds()} s: ${label}`);
  }

  #seconds(): string {
    return ((performance.now() - this.#start) / 1_000).toFixed(1);
  }

  /** Every subject has a pace of its own on its way to each replica: streams are heard of in another order. */
  #slowDown(): void {
    for (const { line } of this.#cluster.replicas) {
      const paces = new Map<string, number>();
      line.lag = (subject) => {
        const pace = paces.get(subject) ?? (this.#random() < 0.5 ? 0 : this.#random() * MAX_LAG_MS);
        paces.set(subject, pace);
        return pace;
      };
    }
  }

  #plan(): Blow[] {
    const between = (from: number, to: number) => from + this.#random() * (to - from);
    const cold = shuffled(SERVICES, this.#random)
      .slice(0, 2)
      .map((service) => this.#one(service, []));
    const awake = SERVICES.map((service) => this.#one(service, cold));
    const freeze = cold.map((one) =>
      this.#blow('freeze', between(5_000, 6_500), one, (r) => this.#freeze(r)),
    );
    // A replica of notificacoes that dies between an e-mail and its mark sends it again, so none of them.
    const [victim] = shuffled(awake.slice(0, 2), this.#random) as [Replica, ...Replica[]];
    const kill = this.#blow('kill', between(1_000, 2_000), victim, (r) => this.#kill(r));
    const mute = awake.map((one) => this.#blow('mute', between(1_000, 8_000), one, (r) => this.#mute(r)));
    const cut = [...awake, this.#one('reservas', [])].map((one) =>
      this.#blow('cut', between(1_000, 28_000), one, (r) => this.#cut(r)),
    );
    const relays = SERVICES.map((service) => ({
      label: `take the relay of ${service} from between publication and mark`,
      atMs: between(500, 2_000),
      strike: () => this.#dropRelay(service),
    }));
    const repeat = Array.from({ length: 25 }, () => ({
      atMs: between(5_000, DISTURBANCE_MS - 1_000),
      strike: () => this.#repeat(),
    }));
    const nats = { label: 'restart NATS', atMs: between(10_000, 24_000), strike: () => this.#restart() };
    const whole = { atMs: DISTURBANCE_MS, strike: async () => {} };
    return [kill, ...freeze, ...mute, ...cut, ...relays, ...repeat, nats, whole];
  }

  #blow(what: string, atMs: number, replica: Replica, strike: (replica: Replica) => Promise<unknown>): Blow {
    return { label: `${what} ${replica.name}`, atMs, strike: () => strike(replica) };
  }

  /** A replica of this service, none of the given ones. */
  #one(service: Service, except: readonly Replica[]): Replica {
    const replicas = this.#cluster.replicas.filter(
      (other) => other.service === service && !except.includes(other),
    );
    const [replica] = shuffled(replicas, this.#random);
    return replica as Replica;
  }

  /** In the middle of its work: the server gives its messages to the other one meanwhile, and then it goes on with them. */
  async #freeze(replica: Replica): Promise<void> {
    const wasWorking = await this.#amidWork(replica, async () => this.#cluster.freeze(replica, FROZEN_MS));
    if (wasWorking) this.#counts.frozenAtWork += 1;
    await delay(FROZEN_MS);
    this.#cluster.thaw(replica);
    replica.leaving = false;
  }

  /** In the middle of its work, and started again at once. */
  async #kill(replica: Replica): Promise<void> {
    const wasWorking = await this.#amidWork(replica, () => replica.instance.kill());
    if (wasWorking) this.#counts.killedAtWork += 1;
    await replica.instance.restart();
    replica.leaving = false;
  }

  /**
   * Keeps everybody from finishing what is in hand, and strikes as soon as this replica has something there; answers
   * whether it had. People are no victims: their calls would wait for their keys.
   */
  async #amidWork(replica: Replica, strike: () => Promise<unknown>): Promise<boolean> {
    const end = performance.now() + WAIT_MS;
    replica.leaving = true;
    while (replica.calls > 0 && performance.now() < end) await delay(5);
    const { watcher } = this.#cluster;
    for (;;) {
      const unlock = await this.#cluster.lock(replica.service);
      try {
        await watcher.nextDelivery(replica.name, LOCKED_MS);
        await delay(ARRIVAL_MS);
        const wasWorking = watcher.isWorking(replica.name);
        if (wasWorking || performance.now() > end) {
          await strike();
          return wasWorking;
        }
      } finally {
        await unlock();
      }
    }
  }

  /** What it has done counts as not done: the server gives it to somebody again. */
  async #mute({ line }: Replica): Promise<void> {
    const enough = line.lost + LOST_ANSWERS;
    const end = performance.now() + WAIT_MS;
    line.muted = true;
    while (line.lost < enough && performance.now() < end) await delay(5);
    line.muted = false;
  }

  async #cut({ line }: Replica): Promise<void> {
    line.cut();
    this.#counts.cuts += 1;
  }

  async #restart(): Promise<void> {
    await this.#cluster.servers.nats.restart();
    this.#counts.restarts += 1;
  }

  /** It has published, and loses its lock before it hears that this was stored: the next one publishes the same. */
  async #dropRelay(service: Service): Promise<void> {
    const lines = this.#cluster.replicas
      .filter((replica) => replica.service === service)
      .map(({ line }) => line);
    for (const line of lines) line.holdReceipts();
    const end = performance.now() + WAIT_MS;
    while (lines.every(({ heldReceipts }) => heldReceipts === 0) && performance.now() < end) await delay(5);
    const dropped = await this.#cluster.query(service, DROP_RELAY, [RELAY_LOCK]);
    if (lines.some(({ heldReceipts }) => heldReceipts > 0)) this.#counts.relays += dropped.length;
    for (const line of lines) line.releaseReceipts();
  }

  /** Under another `Nats-Msg-Id`, as when it comes again after the time in which the stream knows copies. */
  async #repeat(): Promise<void> {
    const { bus } = this.#cluster.servers;
    const [stream = 'RESERVAS'] = shuffled(STREAMS, this.#random);
    const luck = this.#random();
    try {
      const { streams } = await jetstreamManager(bus.connection(), { checkAPI: false });
      const { state } = await streams.info(stream);
      if (state.messages === 0) return;
      const seq = state.first_seq + Math.floor(luck * state.messages);
      const message = await streams.getMessage(stream, { seq });
      if (!message) return;
      const { 'Nats-Msg-Id': _, ...headers } = fromNatsHeaders(message.header);
      await bus.publish({ id: randomUUID(), subject: message.subject, payload: message.data, headers });
      this.#counts.repeated += 1;
    } catch {
      // NATS is just being restarted.
    }
  }
}

const DROP_RELAY = `
  select pg_terminate_backend(pid) from pg_locks
  where locktype = 'advisory' and objid = $1 and granted and database = (
    select oid from pg_database where datname = current_database())`;

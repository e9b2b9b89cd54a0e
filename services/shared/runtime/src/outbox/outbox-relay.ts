import { Client, type ClientConfig } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { delay, withDeadline } from '../deadlines/wait.ts';
import type { EventPublisher } from '../events/event-message.ts';
import type { Seal } from '../personal/sealing.ts';
import { purgeRuntimeTables } from '../postgres/runtime-purge.ts';
import { type FailedRow, publishBatch } from './outbox-batch.ts';
import { createRelayMetrics, noRelayMetrics, type RelayMetrics } from './outbox-metrics.ts';
import { aggregateKey, markFailed, markSent, pendingRows } from './outbox-rows.ts';

export interface OutboxRelayOptions {
  /** For the lag gauges; the relay itself works on a connection of its own. */
  readonly dataSource: DataSource;
  /** Address of the same database. Must reach PostgreSQL itself: LISTEN does not work through a pooler. */
  readonly url: string;
  readonly bus: EventPublisher;
  /** Makes of a stored event the one that leaves. Default: it leaves as it is. */
  readonly seal?: Seal;
  readonly logger: Logger;
  readonly metrics?: { readonly registry: Registry };
  /** Rows of a table that go at a time when their time is over. Default 1000: a batch stays short. */
  readonly purgeLimit?: number;
  /** How often it looks for events and for the lock without having been told. Default 1 s. */
  readonly pollMs?: number;
}

// Any constant will do as long as nothing else in the database uses it.
const RELAY_LOCK = 7_301_002;
const POLL_MS = 1_000;
const BATCH = 100;
/** Least time between two batches: under load one carries many events for the price of one. */
const GATHER_MS = 50;
const MAX_BACKOFF_MS = 30_000;
/** So many aggregates that the broker refused are no longer about the events: it is taken for unavailable. */
const MAX_BLOCKED = 1_000;
/** Without a broker for this long, another process may do better. */
const STAND_ASIDE_AFTER_MS = 5_000;
/** Longer than the others take to ask for the lock. */
const STAND_ASIDE_MS = 3_000;
const PURGE_INTERVAL_MS = 3_600_000;
/** Between two batches of a purge events are sent: they come first. */
const PURGE_PAUSE_MS = 1_000;
const QUERY_TIMEOUT_MS = 10_000;
const DISCONNECT_TIMEOUT_MS = 2_000;

/**
 * Carries the outbox to the event bus: at least once, and the events of one aggregate in order.
 *
 * One relay per database is active: it holds an advisory lock on the very connection that reads and marks the rows, so
 * a relay that loses the connection loses both. The others stand by and ask for the lock every second. A row is marked only
 * after the stream has acknowledged it; dying in between means that the next relay sends it again, and the stream drops
 * it by its message id (within five minutes; later the consumers' inboxes do). So the mark itself need not survive a
 * crash of PostgreSQL, and the relay does not wait until it is on disk.
 *
 * An aggregate whose event is refused waits with growing pauses, the others go on. A relay that does not reach the broker
 * gives up the lock for a while: another process may reach it.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #logger: Logger;
  readonly #metrics: RelayMetrics;
  readonly #stopping = new AbortController();
  /** Aggregates that wait after a failure: key -> until when, how often in a row, and whether the broker refused it. */
  readonly #blocked = new Map<string, { until: number; failures: number; refused: boolean }>();
  /** Since when the broker has been away, and whether that was said. */
  #brokerAway: { readonly since: number; said: boolean } | undefined;
  #wake = new AbortController();
  #notified = false;
  #lastBatch = 0;
  #nextPurge = 0;
  #loop: Promise<void> | undefined;
  #active = false;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#logger = options.logger.child({ componente: 'outbox' });
    this.#metrics = options.metrics
      ? createRelayMetrics(options.metrics.registry, options.dataSource)
      : noRelayMetrics;
  }

  /** Whether this is the relay that holds the lock. */
  get active(): boolean {
    return this.#active;
  }

  /** Starts in the background; an unreachable database is tried again, not reported here. */
  async start(): Promise<void> {
    this.#loop ??= this.#run();
  }

  /** Finishes the batch under way and gives up the lock. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#withConnection(async (client, isAlive) => {
          failures = 0;
          await this.#lead(client, isAlive);
        });
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#logger.warn({ err: error, tentativa: ++failures }, 'outbox relay lost its connection');
        await delay(Math.min(250 * 2 ** failures, MAX_BACKOFF_MS), this.#stopping.signal);
      }
    }
  }

  async #withConnection(work: (client: Client, isAlive: () => boolean) => Promise<void>): Promise<void> {
    const client = new Client(connectionConfig(this.#options.url));
    let lost: Error | undefined;
    client.on('error', (error) => {
      lost = error;
      this.#signal();
    });
    client.on('notification', () => this.#signal());
    try {
      await client.connect();
      await client.query('listen outbox');
      await work(client, () => lost === undefined);
      if (lost) throw lost;
    } finally {
      this.#active = false;
      await this.#disconnect(client);
    }
  }

  async #disconnect(client: Client): Promise<void> {
    try {
      await withDeadline(client.end(), DISCONNECT_TIMEOUT_MS, () => new Error('PostgreSQL does not answer'));
    } catch (error) {
      this.#logger.debug({ err: error }, 'outbox relay could not say goodbye');
    }
  }

  /** Waits for the lock, then works until stopped or disconnected. */
  async #lead(client: Client, isAlive: () => boolean): Promise<void> {
    while (isAlive() && !this.#stopping.signal.aborted) {
      if (this.#active || (await this.#tryLock(client))) await this.#work(client, isAlive);
      if (this.#active && this.#isBrokerLongAway()) await this.#standAside(client);
      await this.#idle();
    }
  }

  #isBrokerLongAway(): boolean {
    const away = this.#brokerAway;
    return away !== undefined && performance.now() - away.since >= STAND_ASIDE_AFTER_MS;
  }

  async #standAside(client: Client): Promise<void> {
    if (this.#brokerAway?.said === false) {
      this.#logger.warn({}, 'outbox relay cannot publish, lets others try');
      this.#brokerAway.said = true;
    }
    await client.query('select pg_advisory_unlock($1)', [RELAY_LOCK]);
    this.#active = false;
    await delay(STAND_ASIDE_MS, this.#stopping.signal);
  }

  async #tryLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      RELAY_LOCK,
    ]);
    this.#active = rows[0]?.locked === true;
    if (this.#active && !this.#brokerAway) this.#logger.info({}, 'outbox relay is active');
    return this.#active;
  }

  /** Sends until nothing sendable is left. */
  async #work(client: Client, isAlive: () => boolean): Promise<void> {
    const mayGoOn = () => isAlive() && !this.#stopping.signal.aborted;
    while (mayGoOn() && (await this.#sendBatch(client, mayGoOn)));
    if (mayGoOn()) await this.#purgeSometimes(client);
  }

  /** True when there may be more than this batch could hold. */
  async #sendBatch(client: Client, mayGoOn: () => boolean): Promise<boolean> {
    this.#notified = false;
    this.#lastBatch = performance.now();
    const blocked = this.#blockedKeys();
    if (blocked.filter((key) => this.#blocked.get(key)?.refused).length >= MAX_BLOCKED) {
      this.#noteBroker(false, true);
      return false;
    }
    const rows = await pendingRows(client, blocked, BATCH);
    if (rows.length === 0) {
      // All is sent, by this relay or another: what was known of the broker is out of date.
      if (blocked.length === 0) this.#brokerAway = undefined;
      return false;
    }
    const { bus, seal = asItIs } = this.#options;
    const { sent, failed, unavailable } = await publishBatch({ bus, seal }, rows, mayGoOn);
    this.#noteBroker(sent.length > 0, unavailable);
    for (const row of sent) this.#blocked.delete(aggregateKey(row));
    for (const one of failed) this.#block(one);
    await markSent(client, sent);
    await markFailed(
      client,
      failed.map(({ row }) => row.id),
    );
    this.#metrics.published(sent.length, failed.length);
    return !unavailable && rows.length === BATCH;
  }

  #noteBroker(took: boolean, away: boolean): void {
    if (took) this.#brokerAway = undefined;
    if (away) this.#brokerAway ??= { since: performance.now(), said: false };
  }

  #block({ row, error, refused }: FailedRow): void {
    const key = aggregateKey(row);
    const failures = (this.#blocked.get(key)?.failures ?? 0) + 1;
    const waitMs = Math.min(500 * 2 ** failures, MAX_BACKOFF_MS);
    this.#blocked.set(key, { until: performance.now() + waitMs, failures, refused });
    const context = { err: error, evento: row.id, assunto: row.assunto, agregado: key, esperaMs: waitMs };
    this.#logger.error(context, 'event could not be published, its aggregate waits');
  }

  #blockedKeys(): string[] {
    const now = performance.now();
    // Another relay has sent what has been free for so long and not tried.
    for (const [key, { until }] of this.#blocked) if (until + MAX_BACKOFF_MS < now) this.#blocked.delete(key);
    return [...this.#blocked].filter(([, { until }]) => until > now).map(([key]) => key);
  }

  async #purgeSometimes(client: Client): Promise<void> {
    if (performance.now() < this.#nextPurge) return;
    // Set first: a batch that fails costs the connection, and must not be the next thing again.
    this.#nextPurge = performance.now() + PURGE_INTERVAL_MS;
    const { deleted, more } = await purgeRuntimeTables(client, this.#options.purgeLimit);
    if (more) this.#nextPurge = performance.now() + PURGE_PAUSE_MS;
    if (deleted > 0) this.#logger.info({ linhas: deleted }, 'purged outbox, inbox and idempotency keys');
  }

  #signal(): void {
    this.#notified = true;
    // With a reason of its own: the default one is an error with a stack, made anew each time.
    this.#wake.abort('notified');
  }

  /** Until a NOTIFY comes or the poll is due. A NOTIFY that came during the last batch counts. */
  async #idle(): Promise<void> {
    if (!(this.#active && this.#notified)) {
      this.#wake = new AbortController();
      if (!this.#stopping.signal.aborted) await delay(this.#options.pollMs ?? POLL_MS, this.#wake.signal);
    }
    const early = this.#lastBatch + GATHER_MS - performance.now();
    if (early > 0) await delay(early, this.#stopping.signal);
  }
}

const asItIs: Seal = async (_, payload) => payload;

/** TCP keepalive on both ends: a host that vanished must not keep the lock for hours. */
function connectionConfig(connectionString: string): ClientConfig {
  return {
    connectionString,
    application_name: 'outbox-relay',
    connectionTimeoutMillis: 5_000,
    statement_timeout: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS + 2_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options:
      '-c timezone=UTC -c synchronous_commit=off -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
  };
}

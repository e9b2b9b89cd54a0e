/*
 * Room `events`: facts between services, over NATS JetStream: the connection and the streams (this file, `event-streams.ts`),
 * how a process logs in (`nats-access.ts`), what a message looks like (`event-message.ts`), its consumers (`consumer/`), and the
 * dead letters: messages that were given up (`dead-letter-box.ts`, `dead-letter-replay.ts`).
 *
 * A service publishes to one stream, its own, and never by itself: room `outbox` does, so that an event exists exactly if its
 * effect does. A message may come twice, late or out of order: a handler is a state machine, or knows the message by its inbox
 * row. NATS may be away for hours: the service starts and answers without it, and nothing is lost.
 */

import { jetstream } from '@nats-io/jetstream';
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { delay, withDeadline } from '../deadlines/wait.ts';
import { type ConsumeOptions, EventConsumer } from './consumer/event-consumer.ts';
import { type EventPublisher, type OutgoingMessage, toNatsHeaders } from './event-message.ts';
import { createEventMetrics, type EventMetrics, noEventMetrics } from './event-metrics.ts';
import { createStreamMetrics } from './event-stream-metrics.ts';
import {
  applyStream,
  consumerStreams,
  DEAD_LETTERS,
  type DesiredStream,
  isRefusal,
  noStreamListens,
  REQUEST_TIMEOUT_MS,
  type StreamOptions,
  streamConfig,
  streamManager,
} from './event-streams.ts';
import type { NatsAccess } from './nats-access.ts';

/** The broker cannot be reached now. Nothing was lost: try again later. */
export class EventBusUnavailableError extends Error {
  override readonly name = 'EventBusUnavailableError';
}

export interface EventBusOptions {
  /** `nats://host:port`, one or several of a cluster. */
  readonly servers: string | readonly string[];
  /** Shown in the server's connection list. */
  readonly name: string;
  readonly logger: Logger;
  readonly authenticator?: NatsAccess['authenticator'];
  readonly tls?: NatsAccess['tls'];
  readonly metrics?: { readonly registry: Registry };
  /** Copies of each stream that has to be made, unless `ensureStream` says otherwise. Default 1; 3 in a cluster. */
  readonly replicas?: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_WAIT_MS = 500;
const FIRST_CONNECTION_WAIT_MS = 3_000;
const MAX_STREAM_RETRY_MS = 10_000;
const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Connects to NATS and keeps connected for ever. Resolves when connected, but after three seconds also without: a
 * service starts and works while the broker is away, its events wait in the outbox.
 */
export async function connectEventBus(options: EventBusOptions): Promise<EventBus> {
  const bus = new EventBus(options);
  await bus.start(FIRST_CONNECTION_WAIT_MS);
  return bus;
}

/** JetStream as the platform uses it: streams per publisher, durable pull consumers, dead letters. */
export class EventBus implements EventPublisher {
  readonly #logger: Logger;
  readonly #connection: ConnectionOptions;
  readonly #metrics: EventMetrics;
  readonly #replicas: number;
  readonly #streams = new Map<string, DesiredStream>();
  readonly #consumers = new Set<EventConsumer>();
  readonly #closing = new AbortController();
  #nc: NatsConnection | undefined;
  #connected = false;
  #failure: Error | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor({ servers, name, logger, authenticator, tls, metrics, replicas }: EventBusOptions) {
    this.#replicas = replicas ?? 1;
    this.#logger = logger;
    this.#metrics = metrics ? createEventMetrics(metrics.registry) : noEventMetrics;
    if (metrics) this.#watchStreams(metrics.registry);
    this.#connection = {
      servers: [servers].flat(),
      name,
      timeout: CONNECT_TIMEOUT_MS,
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      // A dead peer is noticed after 2 unanswered pings.
      pingInterval: 10_000,
      maxPingOut: 2,
      // Otherwise each request makes an error ahead, for the stack it might need.
      noAsyncTraces: true,
      ...(authenticator && { authenticator }),
      ...(tls && { tls }),
    };
  }

  #watchStreams(registry: Registry): void {
    createStreamMetrics(registry, {
      streams: () => [...this.#streams.keys()],
      consumers: () => [...this.#consumers].map((consumer) => consumer.durable),
      manager: async () => this.#manager(),
    });
  }

  /** Starts connecting; resolves at the first connection or after `waitMs`. */
  async start(waitMs: number): Promise<void> {
    const first = Promise.withResolvers<void>();
    this.#loop = this.#stayConnected(first.resolve);
    const waited = new AbortController();
    await Promise.race([first.promise, delay(waitMs, waited.signal)]);
    waited.abort();
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Why there is no connection, as far as is known. */
  get failure(): Error | undefined {
    return this.#connected ? undefined : this.#failure;
  }

  /** The live connection; throws {@link EventBusUnavailableError} without one. */
  connection(): NatsConnection {
    if (!this.#nc || !this.#connected) throw new EventBusUnavailableError('not connected to NATS');
    return this.#nc;
  }

  /**
   * Declares a stream: created or updated now, and again after each reconnection, so a broker that lost its data gets
   * its streams back. Without a connection, or an answer, it only takes note. Rejects when the server refuses the
   * configuration, or this client.
   */
  async ensureStream(name: string, subjects: readonly string[], options: StreamOptions = {}): Promise<void> {
    const desired = streamConfig(name, subjects, { replicas: this.#replicas, ...options });
    this.#streams.set(name, desired);
    if (!this.#connected) {
      this.#logger.warn({ stream: name }, 'stream will be created when NATS is back');
      return;
    }
    try {
      await applyStream(await this.#manager(), desired);
    } catch (error) {
      if (isRefusal(error)) throw error;
      this.#logger.warn({ err: error, stream: name }, 'stream will be created when NATS answers');
      void this.#restoreStreams();
    }
  }

  async publish(message: OutgoingMessage): Promise<void> {
    try {
      await this.#publishOnce(message);
    } catch (error) {
      if (!noStreamListens(error) || this.#streams.size === 0) throw error;
      // No stream listens on the subject: it is gone. Declare it again and try once more.
      for (const failure of await this.#applyStreams()) this.#logger.warn({ err: failure }, 'stream refused');
      await this.#publishOnce(message);
    }
  }

  async #publishOnce({ id, subject, payload, headers }: OutgoingMessage): Promise<void> {
    const client = jetstream(this.connection());
    const options = { msgID: id, headers: toNatsHeaders(headers), timeout: REQUEST_TIMEOUT_MS };
    try {
      await client.publish(subject, payload, options);
    } catch (cause) {
      // Whatever the client reports when the connection breaks under a request: it was not the message's fault.
      if (this.#connected) throw cause;
      throw new EventBusUnavailableError('lost the connection to NATS while publishing', { cause });
    }
  }

  /**
   * Starts a durable consumer; it waits for the stream if that does not exist yet. The streams that consumers
   * write to (dead letters, marks) are declared along with it.
   */
  consume(options: ConsumeOptions): EventConsumer {
    this.#declareConsumerStreams();
    const consumer = new EventConsumer(options, { bus: this, logger: this.#logger, metrics: this.#metrics });
    this.#consumers.add(consumer);
    consumer.start();
    return consumer;
  }

  #declareConsumerStreams(): void {
    if (this.#streams.has(DEAD_LETTERS.name)) return;
    for (const stream of consumerStreams(this.#replicas)) this.#streams.set(stream.config.name, stream);
    if (this.#connected) void this.#restoreStreams();
  }

  /** Stops the consumers (each finishes what it has in hand), flushes and disconnects. */
  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    this.#closing.abort();
    await this.#disconnect();
    await this.#loop;
  }

  async #disconnect(): Promise<void> {
    const nc = this.#nc;
    if (!nc) return;
    try {
      if (this.#connected)
        await withDeadline(nc.drain(), DRAIN_TIMEOUT_MS, () => new Error('drain timed out'));
    } catch (error) {
      this.#logger.warn({ err: error }, 'NATS connection could not be drained');
    }
    await nc.close();
  }

  async #stayConnected(onFirst: () => void): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#live(await connect(this.#connection), onFirst);
        failures = 0;
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        if (failures++ === 0) this.#logger.warn({ err: error }, 'NATS cannot be reached, trying on');
        await delay(RECONNECT_WAIT_MS, this.#closing.signal);
      }
    }
  }

  /** Follows one connection until it closes. The client reconnects by itself; a close is final (refused login). */
  async #live(nc: NatsConnection, onFirst: () => void): Promise<void> {
    this.#nc = nc;
    const statuses = nc.status();
    if (this.#closing.signal.aborted) return await nc.close();
    this.#up('connected to NATS', onFirst);
    for await (const status of statuses) {
      if (status.type === 'disconnect') this.#down();
      else if (status.type === 'reconnect') this.#up('reconnected to NATS', onFirst);
      else if (status.type === 'error') this.#logger.warn({ err: status.error }, 'NATS reported an error');
    }
    this.#connected = false;
    const failure = await nc.closed();
    if (!this.#closing.signal.aborted) throw failure ?? new Error('connection closed by the server');
  }

  #down(): void {
    if (this.#connected && !this.#closing.signal.aborted)
      this.#logger.warn({}, 'lost the connection to NATS');
    this.#connected = false;
  }

  #up(message: string, onFirst: () => void): void {
    this.#connected = true;
    this.#logger.info({ server: this.#nc?.getServer() }, message);
    for (const consumer of this.#consumers) consumer.reconnected();
    onFirst();
    void this.#restoreStreams();
  }

  async #restoreStreams(): Promise<void> {
    // After a restart the server may answer before JetStream does.
    for (
      let wait = 250;
      this.#connected && this.#streams.size > 0 && !this.#closing.signal.aborted;
      wait = Math.min(wait * 2, MAX_STREAM_RETRY_MS)
    ) {
      const [failure] = await this.#applyStreams();
      if (failure === undefined) return;
      this.#logger.warn({ err: failure }, 'streams cannot be declared yet');
      await delay(wait, this.#closing.signal);
    }
  }

  /** Tries every stream, so that one refused configuration does not keep the others away; answers the failures. */
  async #applyStreams(): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const desired of this.#streams.values()) {
      try {
        await applyStream(await this.#manager(), desired);
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }

  #manager() {
    return streamManager(this.connection());
  }
}

import { type DescMessage, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { AggregateLanes, type Outcome } from './aggregate-lanes.ts';
import { deadLetter } from './dead-letter.ts';
import { ensureDurable } from './durable-consumer.ts';
import {
  type EventMeta,
  type EventPublisher,
  type EventSubscription,
  eventMeta,
  PermanentError,
} from './event-message.ts';
import type { ConsumeResult, EventMetrics } from './event-metrics.ts';
import { withConsumerSpan } from './event-tracing.ts';
import { classifyFailure } from './failure.ts';
import { delay, withDeadline } from './wait.ts';

export interface ConsumeOptions {
  readonly stream: string;
  /** Name of the consumer: unique in the stream, the same in all replicas of a service. */
  readonly durable: string;
  /** One subject with wildcards (`reservas.v1.>`); nats-server 2.9 takes only one. */
  readonly filter: string;
  readonly on: readonly EventSubscription[];
  /** Waits between deliveries; their number + 1 is the number of attempts. Default 1 s, 2 s, 4 s. */
  readonly backoffMs?: readonly number[];
  /** Aggregates handled at the same time. Default 8. */
  readonly concurrency?: number;
  /** A handler that takes longer counts as failed. Default 2 minutes. */
  readonly handlerTimeoutMs?: number;
  /** Wait before a dead letter that could not be written is tried again. Default 10 s. */
  readonly deadLetterRetryMs?: number;
}

/** What a consumer needs of the bus it belongs to. */
interface ConsumerBus extends EventPublisher {
  readonly connected: boolean;
  /** @throws EventBusUnavailableError without a connection. */
  connection(): NatsConnection;
}

interface Deps {
  readonly bus: ConsumerBus;
  readonly logger: Logger;
  readonly metrics: EventMetrics;
}

/** For failures of the handler itself; what a dependency that is away costs is not counted. */
const BACKOFF_MS: readonly number[] = [1_000, 2_000, 4_000];

const MAX_AWAY_WAIT_MS = 15_000;
const WORKING_INTERVAL_MS = 10_000;
const PULL_EXPIRES_MS = 5_000;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_IN_HAND = 64;
const MAX_RESTART_WAIT_MS = 5_000;
const DEAD_LETTER_RETRY_MS = 10_000;

/**
 * A durable pull consumer. A delivery is acknowledged only after its handler finished; a failed one is asked for again
 * after a delay, and after the last attempt it is written to the dead letters and only then given up. While a dependency
 * is away nothing is given up.
 *
 * Order: messages of one aggregate are handled one at a time, by stream order ({@link AggregateLanes}). While one waits
 * for its retry, later ones of the same aggregate wait at most as long as that delay. That is best effort: with
 * several replicas the broker spreads an aggregate over them, so handlers must be state machines that tolerate
 * reordering, and dedupe with `registerOnce(manager, durable, meta.id)` in the transaction of their effect.
 */
export class EventConsumer {
  readonly #options: ConsumeOptions;
  readonly #deps: Deps;
  readonly #handlers: ReadonlyMap<string, EventSubscription>;
  readonly #backoffMs: readonly number[];
  readonly #lanes: AggregateLanes;
  readonly #inHand = new Set<JsMsg>();
  /** Final errors of messages whose dead letter could not be written yet, by sequence. */
  readonly #unburied = new Map<number, unknown>();
  readonly #stopping = new AbortController();
  #pause = new AbortController();
  #messages: ConsumerMessages | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ConsumeOptions, deps: Deps) {
    this.#options = options;
    this.#deps = { ...deps, logger: deps.logger.child({ consumidor: options.durable }) };
    this.#handlers = new Map(options.on.map((subscription) => [subscription.schema.typeName, subscription]));
    this.#backoffMs = options.backoffMs ?? BACKOFF_MS;
    this.#lanes = new AggregateLanes(options.concurrency ?? 8);
  }

  start(): void {
    // Everything in hand, waiting or running, must not be delivered to another replica meanwhile.
    this.#heartbeat = setInterval(() => {
      for (const message of this.#inHand) message.working();
    }, WORKING_INTERVAL_MS);
    this.#loop = this.#run();
  }

  /** Takes no more messages and resolves when those in hand are finished. Held-back ones no longer wait. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#pause.abort();
    this.#messages?.stop();
    await this.#loop;
    await this.#lanes.drain();
    clearInterval(this.#heartbeat);
  }

  /** The connection is back: a pull request sent over the old one will never be answered. */
  reconnected(): void {
    this.#messages?.stop();
    this.#pause.abort();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        await ensureDurable(await this.#manager(), this.#options);
        if (failures > 0) this.#deps.logger.info({}, 'consuming again');
        failures = 0;
        await this.#pull();
      } catch (error) {
        if (failures++ === 0) {
          this.#deps.logger.warn({ err: error, stream: this.#options.stream }, 'cannot consume, trying on');
        }
        await this.#rest(Math.min(100 * 2 ** failures, MAX_RESTART_WAIT_MS));
      }
    }
  }

  /** Cut short by a reconnection and by `stop`. */
  async #rest(ms: number): Promise<void> {
    this.#pause = new AbortController();
    if (!this.#stopping.signal.aborted) await delay(ms, this.#pause.signal);
  }

  /** Pulls until the stream, the consumer or the connection goes away. Asks only for what there is room for. */
  async #pull(): Promise<void> {
    const client = jetstream(this.#deps.bus.connection(), { timeout: REQUEST_TIMEOUT_MS });
    const consumer = await client.consumers.get(this.#options.stream, this.#options.durable);
    while (!this.#stopping.signal.aborted && this.#deps.bus.connected) {
      await this.#lanes.below(MAX_IN_HAND);
      if (this.#stopping.signal.aborted) return;
      const room = MAX_IN_HAND - this.#lanes.inHand;
      this.#messages = await consumer.fetch({ max_messages: room, expires: PULL_EXPIRES_MS });
      for await (const message of this.#messages) this.#accept(message);
    }
  }

  #accept(message: JsMsg): void {
    const meta = eventMeta(message);
    const { tipo, id } = meta.agregado;
    // Without an aggregate a message has nobody to keep order with.
    const key = id === '' ? meta.id : `${tipo}/${id}`;
    this.#inHand.add(message);
    this.#lanes.add(key, message.seq, () => this.#process(message, meta));
  }

  async #process(message: JsMsg, meta: EventMeta): Promise<Outcome> {
    const startedAt = performance.now();
    let retryInMs: number | undefined;
    let result: ConsumeResult;
    try {
      result = await this.#handleOnceAvailable(message, meta);
      this.#acknowledge(message, meta);
    } catch (error) {
      retryInMs = await this.#fail(message, meta, error);
      result = retryInMs === undefined ? 'dead_letter' : 'retry';
    }
    this.#inHand.delete(message);
    const subject = result === 'ignored' ? 'outros' : meta.subject;
    this.#deps.metrics.consumed(
      this.#options.durable,
      subject,
      result,
      (performance.now() - startedAt) / 1_000,
    );
    return retryInMs === undefined ? {} : { retryInMs };
  }

  /**
   * A database or a service that is away is not the message's fault: it stays in hand, kept from other replicas by the
   * heartbeat, and is tried again until the dependency is back. So an outage of any length makes no dead letters.
   */
  async #handleOnceAvailable(message: JsMsg, meta: EventMeta): Promise<'ok' | 'ignored'> {
    const { signal } = this.#stopping;
    for (let waits = 0; ; waits++) {
      try {
        return await this.#handle(message, meta);
      } catch (error) {
        if (!isAway(error) || signal.aborted) throw error;
        const context = { err: error, evento: meta.id, assunto: meta.subject };
        if (waits === 0) this.#deps.logger.warn(context, 'event waits for a dependency that is away');
        await delay(Math.min(500 * 2 ** waits, MAX_AWAY_WAIT_MS), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  async #handle(message: JsMsg, meta: EventMeta): Promise<'ok' | 'ignored'> {
    const subscription = this.#handlers.get(meta.subject);
    if (subscription === undefined) return 'ignored';
    if (meta.entrega > this.#attempts) {
      // All attempts ended without any answer from us: whatever this message does, it took the process down.
      throw (
        this.#unburied.get(message.seq) ?? new PermanentError(`${meta.entrega} deliveries without a result`)
      );
    }
    const decoded = decode(subscription.schema, message);
    const timeoutMs = this.#options.handlerTimeoutMs ?? 120_000;
    await withConsumerSpan(this.#options.durable, meta, message.headers, () =>
      withDeadline(
        subscription.handle(decoded, meta),
        timeoutMs,
        () => new Error(`handler took over ${timeoutMs} ms`),
      ),
    );
    return 'ok';
  }

  /** Does not wait for the server to have it: if an ack is lost, the message comes again and the inbox skips it. */
  #acknowledge(message: JsMsg, meta: EventMeta): void {
    try {
      message.ack();
    } catch (error) {
      this.#deps.logger.warn({ err: error, evento: meta.id }, 'ack not sent, the event will come again');
    }
  }

  /** The delay until the next delivery, or undefined when the message is buried. */
  async #fail(message: JsMsg, meta: EventMeta, error: unknown): Promise<number | undefined> {
    const context = { err: error, evento: meta.id, assunto: meta.subject, entrega: meta.entrega };
    const wait = error instanceof PermanentError ? undefined : this.#backoffMs[meta.entrega - 1];
    if (wait !== undefined) {
      this.#deps.logger.warn({ ...context, esperaMs: wait }, 'event failed, will be retried');
      message.nak(wait);
      return wait;
    }
    try {
      await this.#bury(message, meta, error);
    } catch (buryError) {
      this.#deps.logger.error(
        { ...context, err: buryError, causa: error },
        'dead letter cannot be written, retrying',
      );
      this.#unburied.set(message.seq, error);
      const retryMs = this.#options.deadLetterRetryMs ?? DEAD_LETTER_RETRY_MS;
      message.nak(retryMs);
      return retryMs;
    }
    this.#deps.logger.error(context, 'event given up, see its dead letter');
    return undefined;
  }

  async #bury(message: JsMsg, meta: EventMeta, error: unknown): Promise<void> {
    const failed = {
      durable: this.#options.durable,
      eventId: meta.id,
      subject: meta.subject,
      payload: message.data,
      headers: message.headers,
      deliveries: meta.entrega,
      error,
    };
    await this.#deps.bus.publish(deadLetter(failed, new Date()));
    // Without a reason: nats-server 2.9 does not understand `term` with one and would deliver again.
    message.term();
    this.#unburied.delete(message.seq);
  }

  get #attempts(): number {
    return this.#backoffMs.length + 1;
  }

  #manager() {
    return jetstreamManager(this.#deps.bus.connection(), { checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  }
}

/** A body that does not decode today will not decode tomorrow. Unknown fields are a newer publisher's: fine. */
function decode(schema: DescMessage, message: JsMsg) {
  try {
    return fromJson(schema, message.json<JsonValue>(), { ignoreUnknownFields: true });
  } catch (cause) {
    throw new PermanentError(`body is not a ${schema.typeName}: ${(cause as Error).message}`, { cause });
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof ConnectError) return error.code === Code.Unavailable;
  return classifyFailure(error) === Code.Unavailable;
}

/*
 * Inside room `events`: the way of one event from JetStream to its handler.
 *
 * 1. `EventConsumer` takes as many messages as it has room for, and keeps them from other replicas while they are in hand;
 * 2. `aggregate-lanes.ts` lets them through, one after the other of an aggregate, several aggregates side by side;
 * 3. `event-processor.ts` decides what becomes of each: done, failed (`attempt-log.ts`), given back while something is away
 *    (`outage-watch.ts`), or given up (`dead-letter.ts`);
 * 4. `event-handlers.ts` calls the handler, in time, under a mark when it may take the process down (`crash-marks.ts`).
 *
 * A service says what it consumes (`ConsumeOptions`), and nothing else of this. What goes wrong without each part, and the
 * spec that shows it: docs/architecture/events.md, "What guards what".
 */

import { type ConsumerMessages, type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { delay } from '../../deadlines/wait.ts';
import { type EventPublisher, eventMeta } from '../event-message.ts';
import type { EventMetrics } from '../event-metrics.ts';
import { REQUEST_TIMEOUT_MS, streamManager } from '../event-streams.ts';
import { AggregateLanes } from './aggregate-lanes.ts';
import { CrashMarks } from './crash-marks.ts';
import { ensureDurable } from './durable-consumer.ts';
import { EventProcessor, type HandlingOptions } from './event-processor.ts';

export interface ConsumeOptions extends HandlingOptions {
  readonly stream: string;
  /** One subject with wildcards (`reservas.v1.>`); nats-server 2.9 takes only one. */
  readonly filter: string;
  /** Aggregates handled at the same time. Default 8. */
  readonly concurrency?: number;
  /** How often the broker is told that what is in hand is worked on; it waits 30 s for that. Default 10 s. */
  readonly workingEveryMs?: number;
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

const CONCURRENCY = 8;
const WORKING_INTERVAL_MS = 10_000;
const PULL_EXPIRES_MS = 5_000;
const MAX_IN_HAND = 64;
const MAX_RESTART_WAIT_MS = 5_000;
/** A replica that lost only its own way to something must not draw all messages away from those that did not. */
const OUTAGE_PAUSE_MS = 1_000;

/**
 * A durable pull consumer. It takes what there is room for and keeps it from other replicas while in hand; what becomes
 * of each delivery is up to {@link EventProcessor}.
 *
 * Order: messages of one aggregate are handled one at a time, by stream order ({@link AggregateLanes}). While one waits
 * for its retry, later ones of the same aggregate wait at most as long as that delay. That is best effort: with
 * several replicas the broker spreads an aggregate over them, so handlers must be state machines that tolerate
 * reordering, and dedupe with `registerOnce(manager, durable, meta.id)` in the transaction of their effect.
 */
export class EventConsumer {
  readonly #options: ConsumeOptions;
  readonly #deps: Deps;
  readonly #processor: EventProcessor;
  readonly #lanes: AggregateLanes;
  readonly #inHand = new Set<JsMsg>();
  readonly #stopping = new AbortController();
  #pause = new AbortController();
  #messages: ConsumerMessages | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ConsumeOptions, deps: Deps) {
    this.#options = options;
    this.#deps = { ...deps, logger: deps.logger.child({ consumidor: options.durable }) };
    this.#processor = new EventProcessor(options, {
      ...this.#deps,
      marks: new CrashMarks(options, this.#deps),
      stopping: this.#stopping.signal,
    });
    this.#lanes = new AggregateLanes(options.concurrency ?? CONCURRENCY);
  }

  get durable(): string {
    return this.#options.durable;
  }

  start(): void {
    // Without this beat, what waits or runs here for over 30 s is delivered to another replica meanwhile, and handled twice at
    // once (`event-consumer.int.spec.ts`).
    this.#heartbeat = setInterval(() => {
      for (const message of this.#inHand) message.working();
    }, this.#options.workingEveryMs ?? WORKING_INTERVAL_MS);
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
      const sparing = this.#processor.givesBack;
      if (sparing) await delay(OUTAGE_PAUSE_MS, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      const room = MAX_IN_HAND - this.#lanes.inHand;
      const max_messages = sparing ? Math.min(room, this.#options.concurrency ?? CONCURRENCY) : room;
      this.#messages = await consumer.fetch({ max_messages, expires: PULL_EXPIRES_MS });
      for await (const message of this.#messages) this.#accept(message);
    }
  }

  #accept(message: JsMsg): void {
    const meta = eventMeta(message);
    const { tipo, id } = meta.agregado;
    // Without an aggregate there is no order to keep.
    const key = id === '' ? meta.id : `${tipo}/${id}`;
    this.#inHand.add(message);
    this.#lanes.add(key, message.seq, async () => {
      const outcome = await this.#processor.process(message, meta);
      this.#inHand.delete(message);
      return outcome;
    });
  }

  #manager() {
    return streamManager(this.#deps.bus.connection());
  }
}

import { Code, ConnectError } from '@connectrpc/connect';
import type { JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { delay } from '../../deadlines/wait.ts';
import { classifyFailure, isDatabaseTimeout } from '../../errors/failure.ts';
import {
  type EventMeta,
  type EventPublisher,
  type EventSubscription,
  PermanentError,
} from '../event-message.ts';
import type { ConsumeResult, EventMetrics } from '../event-metrics.ts';
import type { Outcome } from './aggregate-lanes.ts';
import { AttemptLog } from './attempt-log.ts';
import type { CrashMarks } from './crash-marks.ts';
import { deadLetter } from './dead-letter.ts';
import { EventHandlers } from './event-handlers.ts';
import { OutageWatch } from './outage-watch.ts';

/** How a consumer treats a message. */
export interface HandlingOptions {
  /** Name of the consumer: unique in the stream, the same in all replicas of a service. */
  readonly durable: string;
  readonly on: readonly EventSubscription[];
  /** Waits after failures of the handler; their number + 1 is the number of attempts. Default 1 s, 2 s, 4 s. */
  readonly backoffMs?: readonly number[];
  /** A handler that takes longer counts as failed, and stores nothing any more. Default 2 minutes. */
  readonly handlerTimeoutMs?: number;
  /** How long its end is waited for before it is tried again. Default 30 s: more than any statement may take. */
  readonly lingerMs?: number;
  /** Wait before a dead letter that could not be written is tried again. Default 10 s. */
  readonly deadLetterRetryMs?: number;
  /** A message is kept in hand this long while a dependency is away; then it is given back. Default 1 minute. */
  readonly holdMs?: number;
  /** A message that was given back comes again after this time. Default 15 s. */
  readonly giveBackMs?: number;
  /** A message whose statements time out for longer than this counts as failing. Default 15 minutes. */
  readonly timeoutsAwayMs?: number;
}

interface Deps {
  readonly bus: EventPublisher;
  readonly marks: CrashMarks;
  readonly logger: Logger;
  readonly metrics: EventMetrics;
  /** Fires when the consumer stops: nothing waits any longer. */
  readonly stopping: AbortSignal;
}

/** For failures of the handler itself; what a dependency that is away costs is not counted. */
const BACKOFF_MS: readonly number[] = [1_000, 2_000, 4_000];
const DEFAULTS = {
  backoffMs: BACKOFF_MS,
  handlerTimeoutMs: 120_000,
  lingerMs: 30_000,
  deadLetterRetryMs: 10_000,
  holdMs: 60_000,
  giveBackMs: 15_000,
  timeoutsAwayMs: 900_000,
};
const MAX_AWAY_WAIT_MS = 15_000;

/** What became of a delivery, and when the message comes again unless it is settled. */
interface Settled extends Outcome {
  readonly result: ConsumeResult;
}

/** Not the message's fault, and does not count against it: it will be handled once the dependency is back. */
class DependencyAway extends Error {
  override readonly name = 'DependencyAway';
}

/**
 * What becomes of one delivery: acknowledged once its handler has finished, given back while a dependency is away,
 * asked for again after a failure of the handler, and buried (dead letter first, then given up) after the last one.
 */
export class EventProcessor {
  readonly #options: HandlingOptions & typeof DEFAULTS;
  readonly #deps: Deps;
  readonly #handlers: EventHandlers;
  readonly #attempts = new AttemptLog();
  readonly #outages: OutageWatch;

  constructor(options: HandlingOptions, deps: Deps) {
    this.#options = { ...DEFAULTS, ...options };
    this.#deps = deps;
    this.#handlers = new EventHandlers(this.#options, deps);
    this.#outages = new OutageWatch(this.#options.holdMs);
  }

  /** Whether messages are given back at present since what they need is away. */
  get givesBack(): boolean {
    return this.#outages.anyLong(performance.now());
  }

  async process(message: JsMsg, meta: EventMeta): Promise<Outcome> {
    const startedAt = performance.now();
    const { result, ...outcome } = await this.#settle(message, meta);
    const subject = result === 'ignored' ? 'outros' : meta.subject;
    const seconds = (performance.now() - startedAt) / 1_000;
    this.#deps.metrics.consumed(this.#options.durable, subject, result, seconds);
    return outcome;
  }

  async #settle(message: JsMsg, meta: EventMeta): Promise<Settled> {
    const handler = this.#handlers.find(meta.subject);
    if (handler === undefined) return this.#done(message, meta, 'ignored');
    const final = this.#attempts.final(message.seq);
    if (final) return this.#bury(message, meta, final.error);
    try {
      await this.#onceAvailable(message, meta, () => this.#handlers.call(handler, message, meta));
      return this.#done(message, meta, 'ok');
    } catch (error) {
      if (error instanceof DependencyAway)
        return this.#again(message, meta, 'away', this.#options.giveBackMs);
      const waitMs = this.#waitAfter(message.seq, error);
      if (waitMs === undefined) return this.#bury(message, meta, error);
      const context = { ...factsOf(meta), err: error, esperaMs: waitMs };
      this.#deps.logger.warn(context, 'event failed, will be retried');
      return this.#again(message, meta, 'retry', waitMs);
    }
  }

  /**
   * A short outage is waited for with the message in hand, kept from other replicas by the heartbeat. In a longer one
   * it is given back: another replica may reach what this one cannot, and others of this consumer need the lane.
   */
  async #onceAvailable(message: JsMsg, meta: EventMeta, call: () => Promise<void>): Promise<void> {
    const { stopping } = this.#deps;
    // There is little time to stop, and each attempt may cost a connection timeout.
    if (stopping.aborted && this.#outages.isAway(meta.subject, performance.now()))
      throw new DependencyAway('stopped while a dependency is away');
    const holdUntil = performance.now() + this.#options.holdMs;
    for (let waits = 0; ; waits++) {
      try {
        await call();
        return this.#outages.handled(meta.subject);
      } catch (error) {
        if (!this.#isAway(message, error)) throw error;
        const waitMs = Math.min(500 * 2 ** waits, MAX_AWAY_WAIT_MS);
        const now = performance.now();
        this.#outages.away(meta.subject, now);
        const hold = now + waitMs <= holdUntil && !this.#outages.isLong(meta.subject, now);
        this.#logAway(meta, error, hold, waits);
        if (hold) await delay(waitMs, stopping);
        if (!hold || stopping.aborted) throw new DependencyAway('a dependency is away', { cause: error });
      }
    }
  }

  #logAway(meta: EventMeta, error: unknown, hold: boolean, waits: number): void {
    const context = { ...factsOf(meta), err: error };
    if (!hold) this.#deps.logger.info(context, 'event given back, a dependency is away');
    else if (waits === 0) this.#deps.logger.warn(context, 'event waits for a dependency that is away');
  }

  /** Timeouts that go on and on for one message are taken for its own: it locks or reads too much. */
  #isAway({ seq }: JsMsg, error: unknown): boolean {
    if (isDatabaseTimeout(error))
      return this.#attempts.timedOut(seq, performance.now()) < this.#options.timeoutsAwayMs;
    this.#attempts.noTimeout(seq);
    return isAway(error);
  }

  /** Undefined when there is nothing left to try. */
  #waitAfter(sequence: number, error: unknown): number | undefined {
    if (error instanceof PermanentError) return undefined;
    return this.#options.backoffMs[this.#attempts.failed(sequence) - 1];
  }

  /** Given up only once the dead letter is stored: until then the message comes again, for that alone. */
  async #bury(message: JsMsg, meta: EventMeta, error: unknown): Promise<Settled> {
    const { bus, logger } = this.#deps;
    const context = factsOf(meta);
    try {
      await bus.publish(deadLetter({ durable: this.#options.durable, message, meta, error }, new Date()));
    } catch (cause) {
      logger.error({ ...context, err: cause, causa: error }, 'dead letter cannot be written, retrying');
      this.#attempts.giveUp(message.seq, error);
      return this.#again(message, meta, 'retry', this.#options.deadLetterRetryMs);
    }
    // Without a reason: nats-server 2.9 does not understand `term` with one and would deliver again.
    this.#answer(meta, () => message.term());
    this.#attempts.forget(message.seq);
    logger.error({ ...context, err: error }, 'event given up, see its dead letter');
    return { result: 'dead_letter' };
  }

  /** The server's answer is not waited for: if an ack is lost, the message comes again and the inbox skips it. */
  #done(message: JsMsg, meta: EventMeta, result: ConsumeResult): Settled {
    this.#attempts.forget(message.seq);
    this.#answer(meta, () => message.ack());
    return { result };
  }

  #again(message: JsMsg, meta: EventMeta, result: ConsumeResult, retryInMs: number): Settled {
    this.#answer(meta, () => message.nak(retryInMs));
    return { result, retryInMs };
  }

  #answer(meta: EventMeta, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#deps.logger.warn({ err: error, evento: meta.id }, 'answer not sent, the event will come again');
    }
  }
}

/** Which delivery a line of the log is about. */
function factsOf({ id, subject, entrega }: EventMeta) {
  return { evento: id, assunto: subject, entrega };
}

function isAway(error: unknown): boolean {
  if (error instanceof ConnectError) return error.code === Code.Unavailable;
  return classifyFailure(error) === Code.Unavailable;
}

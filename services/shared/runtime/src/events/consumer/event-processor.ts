import { type DescMessage, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { delay, settledWithin } from '../../deadlines/wait.ts';
import { untilAborted } from '../../deadlines/work-signal.ts';
import { classifyFailure, isDatabaseTimeout } from '../../errors/failure.ts';
import {
  type EventMeta,
  type EventPublisher,
  type EventSubscription,
  PermanentError,
} from '../event-message.ts';
import type { ConsumeResult, EventMetrics } from '../event-metrics.ts';
import { withConsumerSpan } from '../event-tracing.ts';
import type { Outcome } from './aggregate-lanes.ts';
import { AttemptLog } from './attempt-log.ts';
import type { CrashMarks } from './crash-marks.ts';
import { deadLetter } from './dead-letter.ts';
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
/** A message that was delivered more often than this may be one that takes the process down. */
const UNSUSPECTED_DELIVERIES = 4;
/** So many calls in a row without an answer are no restarts that happened to hit the same message. */
const MAX_UNANSWERED = 5;

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
  readonly #handlers: ReadonlyMap<string, EventSubscription>;
  readonly #attempts = new AttemptLog();
  readonly #outages: OutageWatch;

  constructor(options: HandlingOptions, deps: Deps) {
    this.#options = { ...DEFAULTS, ...options };
    this.#deps = deps;
    this.#handlers = new Map(options.on.map((subscription) => [subscription.schema.typeName, subscription]));
    this.#outages = new OutageWatch(this.#options.holdMs);
  }

  /** Whether messages are given back at present since what they need is away. */
  get givesBack(): boolean {
    return this.#outages.anyLong(performance.now());
  }

  async process(message: JsMsg, meta: EventMeta): Promise<Outcome> {
    const startedAt = performance.now();
    let outcome: Outcome = {};
    let result: ConsumeResult;
    try {
      result = await this.#handleOnceAvailable(message, meta);
      this.#attempts.forget(message.seq);
      // The server's answer is not waited for: if an ack is lost, the message comes again and the inbox skips it.
      this.#answer(meta, () => message.ack());
    } catch (error) {
      if (error instanceof DependencyAway) {
        outcome = this.#again(message, meta, this.#options.giveBackMs);
        result = 'away';
      } else {
        outcome = await this.#fail(message, meta, error);
        result = outcome.retryInMs === undefined ? 'dead_letter' : 'retry';
      }
    }
    const subject = result === 'ignored' ? 'outros' : meta.subject;
    const seconds = (performance.now() - startedAt) / 1_000;
    this.#deps.metrics.consumed(this.#options.durable, subject, result, seconds);
    return outcome;
  }

  /**
   * A short outage is waited for with the message in hand, kept from other replicas by the heartbeat. In a longer one
   * it is given back: another replica may reach what this one cannot, and others of this consumer need the lane.
   */
  async #handleOnceAvailable(message: JsMsg, meta: EventMeta): Promise<'ok' | 'ignored'> {
    const { stopping } = this.#deps;
    // There is little time to stop, and each attempt may cost a connection timeout.
    if (stopping.aborted && this.#outages.isAway(meta.subject, performance.now()))
      throw new DependencyAway('stopped while a dependency is away');
    const holdUntil = performance.now() + this.#options.holdMs;
    for (let waits = 0; ; waits++) {
      try {
        const result = await this.#handle(message, meta);
        this.#outages.handled(meta.subject);
        return result;
      } catch (error) {
        if (!this.#isAway(message, error)) throw error;
        const waitMs = Math.min(500 * 2 ** waits, MAX_AWAY_WAIT_MS);
        const hold = this.#mayHold(meta, performance.now() + waitMs > holdUntil);
        this.#logAway(meta, error, hold, waits);
        if (hold) await delay(waitMs, stopping);
        if (!hold || stopping.aborted) throw new DependencyAway('a dependency is away', { cause: error });
      }
    }
  }

  #mayHold({ subject }: EventMeta, tooLong: boolean): boolean {
    const now = performance.now();
    this.#outages.away(subject, now);
    return !tooLong && !this.#outages.isLong(subject, now);
  }

  #logAway(meta: EventMeta, error: unknown, hold: boolean, waits: number): void {
    const context = { err: error, evento: meta.id, assunto: meta.subject, entrega: meta.entrega };
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

  async #handle(message: JsMsg, meta: EventMeta): Promise<'ok' | 'ignored'> {
    const subscription = this.#handlers.get(meta.subject);
    if (subscription === undefined) return 'ignored';
    const final = this.#attempts.final(message.seq);
    if (final) throw final.error;
    const decoded = decode(subscription.schema, message);
    await this.#watched(message, meta, () =>
      withConsumerSpan(this.#options.durable, meta, message.headers, () =>
        this.#inTime(meta, () => subscription.handle(decoded, meta)),
      ),
    );
    return 'ok';
  }

  /**
   * A handler whose time is over stores nothing any more, and its end is waited for: it must not run beside its retry.
   * It may still end well, with what it stored in time.
   */
  async #inTime(meta: EventMeta, handle: () => Promise<void>): Promise<void> {
    const { handlerTimeoutMs, lingerMs } = this.#options;
    const over = new AbortController();
    const work = untilAborted(over.signal, handle);
    if (await settledWithin(work, handlerTimeoutMs)) return work;
    const tooLong = new Error(`handler took over ${handlerTimeoutMs} ms`);
    over.abort(tooLong);
    if (await settledWithin(work, lingerMs)) return work;
    this.#deps.logger.error(
      { evento: meta.id, assunto: meta.subject },
      'handler hangs, its event goes on without it',
    );
    throw tooLong;
  }

  /** Leaves a mark during the call when the message may be one that takes the process down. */
  async #watched({ seq }: JsMsg, meta: EventMeta, call: () => Promise<void>): Promise<void> {
    if (meta.entrega <= UNSUSPECTED_DELIVERIES) return call();
    const { marks, logger } = this.#deps;
    const unmarked = (error: unknown) =>
      logger.warn({ err: error, evento: meta.id }, 'suspect event is handled without a mark');
    const unanswered = (await marks.begin(seq).catch(unmarked)) ?? 0;
    if (unanswered >= MAX_UNANSWERED) throw new PermanentError(`${unanswered} deliveries without a result`);
    try {
      await call();
    } finally {
      await marks.answered(seq).catch(unmarked);
    }
  }

  /** Retries after a delay, or buries. */
  async #fail(message: JsMsg, meta: EventMeta, error: unknown): Promise<Outcome> {
    const { logger } = this.#deps;
    const context = { err: error, evento: meta.id, assunto: meta.subject, entrega: meta.entrega };
    const waitMs = this.#waitAfter(message.seq, error);
    if (waitMs !== undefined) {
      logger.warn({ ...context, esperaMs: waitMs }, 'event failed, will be retried');
      return this.#again(message, meta, waitMs);
    }
    try {
      await this.#bury(message, meta, error);
    } catch (cause) {
      logger.error({ ...context, err: cause, causa: error }, 'dead letter cannot be written, retrying');
      this.#attempts.giveUp(message.seq, error);
      return this.#again(message, meta, this.#options.deadLetterRetryMs);
    }
    logger.error(context, 'event given up, see its dead letter');
    return {};
  }

  /** Undefined when there is nothing left to try. */
  #waitAfter(sequence: number, error: unknown): number | undefined {
    if (error instanceof PermanentError) return undefined;
    return this.#options.backoffMs[this.#attempts.failed(sequence) - 1];
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
    this.#answer(meta, () => message.term());
    this.#attempts.forget(message.seq);
  }

  #again(message: JsMsg, meta: EventMeta, retryInMs: number): Outcome {
    this.#answer(meta, () => message.nak(retryInMs));
    return { retryInMs };
  }

  #answer(meta: EventMeta, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#deps.logger.warn({ err: error, evento: meta.id }, 'answer not sent, the event will come again');
    }
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

import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { type EventMeta, type EventPublisher, PermanentError } from '../event-message.ts';
import { HANDLER_MARKS, streamManager } from '../event-streams.ts';

interface Deps {
  readonly bus: EventPublisher & { connection(): NatsConnection };
  readonly logger: Logger;
}

/** A message that was delivered more often than this may be one that takes the process down. */
const UNSUSPECTED_DELIVERIES = 4;
/** So many calls in a row without an answer are no restarts that happened to hit the same message. */
const MAX_UNANSWERED = 5;

/**
 * Notes in NATS that a handler is being called, until it has answered. So the next process can tell what took this one
 * down from what was merely delivered often. Only for messages under suspicion: it costs two requests a call.
 *
 * Without the marks, a message that kills its process would be delivered, and kill, for ever: the process that could count
 * its failures is gone (`event-outage.int.spec.ts`, "buries without calling the handler what took the process down").
 */
export class CrashMarks {
  readonly #deps: Deps;
  readonly #prefix: string;

  constructor({ stream, durable }: { readonly stream: string; readonly durable: string }, deps: Deps) {
    this.#deps = deps;
    this.#prefix = `${HANDLER_MARKS.prefix}.${stream}.${durable}`;
  }

  /**
   * Makes the call, under a mark when the message is suspect. A mark that cannot be left or taken away stops no call.
   * @throws PermanentError instead of calling once more for what has taken the process down too often
   */
  async during(sequence: number, { id, entrega }: EventMeta, call: () => Promise<void>): Promise<void> {
    if (entrega <= UNSUSPECTED_DELIVERIES) return call();
    const unmarked = (error: unknown) =>
      this.#deps.logger.warn({ err: error, evento: id }, 'suspect event is handled without a mark');
    const unanswered = (await this.begin(sequence).catch(unmarked)) ?? 0;
    if (unanswered >= MAX_UNANSWERED) throw new PermanentError(`${unanswered} deliveries without a result`);
    try {
      await call();
    } finally {
      await this.answered(sequence).catch(unmarked);
    }
  }

  /** Answers how many calls before this one have had no answer. Rejects without a broker. */
  async begin(sequence: number): Promise<number> {
    const subject = `${this.#prefix}.${sequence}`;
    await this.#deps.bus.publish({ id: randomUUID(), subject, payload: '', headers: {} });
    const { streams } = await this.#manager();
    const { state } = await streams.info(HANDLER_MARKS.name, { subjects_filter: subject });
    return (state.subjects?.[subject] ?? 1) - 1;
  }

  /** The handler has answered, whatever it said: nothing is held against the message any more. */
  async answered(sequence: number): Promise<void> {
    const { streams } = await this.#manager();
    await streams.purge(HANDLER_MARKS.name, { filter: `${this.#prefix}.${sequence}` });
  }

  #manager() {
    return streamManager(this.#deps.bus.connection());
  }
}

import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EventPublisher } from '../event-message.ts';
import { HANDLER_MARKS, streamManager } from '../event-streams.ts';

interface MarkBus extends EventPublisher {
  connection(): NatsConnection;
}

/**
 * Notes in NATS that a handler is being called, until it has answered. So the next process can tell what took this one
 * down from what was merely delivered often. Only for messages under suspicion: it costs two requests a call.
 */
export class CrashMarks {
  readonly #bus: MarkBus;
  readonly #prefix: string;

  constructor(bus: MarkBus, { stream, durable }: { readonly stream: string; readonly durable: string }) {
    this.#bus = bus;
    this.#prefix = `${HANDLER_MARKS.prefix}.${stream}.${durable}`;
  }

  /** Answers how many calls before this one have had no answer. Rejects without a broker. */
  async begin(sequence: number): Promise<number> {
    const subject = `${this.#prefix}.${sequence}`;
    await this.#bus.publish({ id: randomUUID(), subject, payload: '', headers: {} });
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
    return streamManager(this.#bus.connection());
  }
}

import { jetstreamManager } from '@nats-io/jetstream';
import { replayOf } from './dead-letter.ts';
import type { EventBus } from './event-bus.ts';
import { DEAD_LETTERS } from './event-streams.ts';

export interface ReplayOptions {
  /** Only the dead letters of this consumer; all when left out. */
  readonly durable?: string;
  /** Most messages sent again. Default 1000. */
  readonly limit?: number;
}

const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Sends dead letters to their original subject again, oldest first, and removes each once the stream has stored it;
 * answers how many. Every consumer of the subject sees them: those that had handled the event skip it by its `ce-id`.
 */
export async function replayDeadLetters(bus: EventBus, options: ReplayOptions = {}): Promise<number> {
  const { name } = DEAD_LETTERS;
  const prefix = options.durable === undefined ? 'dlq.' : `dlq.${options.durable}.`;
  const { streams } = await jetstreamManager(bus.connection(), {
    checkAPI: false,
    timeout: REQUEST_TIMEOUT_MS,
  });
  const { state } = await streams.info(name);
  let replayed = 0;
  for (let sequence = state.first_seq; sequence <= state.last_seq; sequence++) {
    if (replayed >= (options.limit ?? 1_000)) break;
    const record = await streams.getMessage(name, { seq: sequence });
    if (!record?.subject.startsWith(prefix)) continue;
    await bus.publish(replayOf({ headers: record.header, payload: record.data, sequence }));
    await streams.deleteMessage(name, sequence);
    replayed++;
  }
  return replayed;
}

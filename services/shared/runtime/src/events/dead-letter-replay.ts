import { replayOf } from './consumer/dead-letter.ts';
import { deadLettersFrom, dropDeadLetter } from './dead-letter-box.ts';
import type { EventBus } from './event-bus.ts';

export interface ReplayOptions {
  /** Only the dead letters of this consumer; all when left out. */
  readonly durable?: string;
  /** Only this one. */
  readonly sequence?: number;
  /** Most messages sent again. Default 1000. */
  readonly limit?: number;
}

/**
 * Sends dead letters to their original subject again, oldest first, and removes each once the stream has stored it;
 * answers how many. Every consumer of the subject sees them: those that had handled the event skip it by its `ce-id`.
 */
export async function replayDeadLetters(bus: EventBus, options: ReplayOptions = {}): Promise<number> {
  const { sequence, limit = 1_000 } = options;
  let replayed = 0;
  if (limit < 1) return replayed;
  for await (const record of deadLettersFrom(bus, { ...options, from: sequence ?? 1 })) {
    if (sequence !== undefined && record.sequence !== sequence) break;
    await bus.publish(replayOf(record));
    await dropDeadLetter(bus, record.sequence);
    if (++replayed >= limit || sequence !== undefined) break;
  }
  return replayed;
}

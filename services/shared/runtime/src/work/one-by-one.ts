import type { PutOff, WorkQueue } from '@plataforma/domain/work-queue';

/** An item that has failed and was put off. */
export interface Failure extends PutOff {
  readonly error: unknown;
}

/** Does at most `limit` items of what is due and answers how many there were; those that fail are told of. */
export type Work = (limit: number, failed: (failure: Failure) => void) => Promise<number>;

/**
 * Work on a queue in which no item waits for another that fails. A batch that can be done together is; when that fails, for
 * whatever reason, each of its items is done alone, and what fails then is put off. A database that is away puts off
 * nothing, since not even that can be stored: the error is the caller's.
 */
export function oneByOne<Item>(queue: WorkQueue<Item>): Work {
  return async (limit, failed) => {
    if (queue.together) {
      try {
        return await queue.together(limit);
      } catch {
        // Whichever item it was: it fails again below, alone, and is told of there.
      }
    }
    const items = await queue.due(limit);
    for (const item of items) {
      try {
        await queue.execute(item);
      } catch (error) {
        failed({ ...(await queue.putOff(item, error)), error });
      }
    }
    return items.length;
  };
}

import { type Failure, ProviderAwayError, type Work, type WorkQueue } from '@plataforma/domain/work-queue';
import { currentTrail, newTrail, onTrail, type Trail } from '../trail/trail.ts';

/** Whatever becomes of an item that was tried. */
type Outcome = 'done' | 'failed' | ProviderAwayError;

/**
 * Work on a queue in which no item waits for another that fails. A batch that can be done together is; when that fails, for
 * whatever reason, each of its items is done alone, and what fails then is put off. Where not even that can be stored, as
 * without a database, the work fails as a whole, once the items behind have had their turn; so it does where the provider
 * was away for each of them.
 *
 * @param trailOf of what an item was stored by, where that is known; else each begins one of its own
 */
export function oneByOne<Item>(queue: WorkQueue<Item>, trailOf?: (item: Item) => Trail | undefined): Work {
  const together = batches(queue);
  return async (limit, failed) => {
    const batch = await together(limit);
    if (typeof batch === 'number') return batch;
    const items = await queue.due(limit);
    const outcomes: Outcome[] = [];
    const lost: unknown[] = [];
    for (const item of items) {
      try {
        const trail = trailOf?.(item) ?? newTrail(currentTrail()?.actor ?? { type: 'system' });
        outcomes.push(await onTrail(trail, () => tryOne(queue, item, failed)));
      } catch (error) {
        lost.push(error);
      }
    }
    if (lost.length > 0) throw lost[0];
    if (!outcomes.includes('failed')) batch?.tell(failed);
    const [away] = outcomes;
    if (away instanceof ProviderAwayError && outcomes.every((one) => one instanceof ProviderAwayError))
      throw away;
    return items.length;
  };
}

/** @throws when the item could neither be done nor be left for later */
async function tryOne<Item>(
  queue: WorkQueue<Item>,
  item: Item,
  failed: (failure: Failure) => void,
): Promise<Outcome> {
  try {
    await queue.execute(item);
    return 'done';
  } catch (error) {
    const notStored = (another: unknown) => {
      throw new AggregateError([error, another], 'an item failed, and could not be put off');
    };
    if (error instanceof ProviderAwayError && queue.giveBack) {
      await queue.giveBack(item, error).catch(notStored);
      return error;
    }
    const putOff = await queue.putOff(item, error).catch(notStored);
    failed({ ...putOff, error });
    return 'failed';
  }
}

interface FailedBatch {
  /** It cannot have been because of its items. */
  tell(failed: (failure: Failure) => void): void;
}

/**
 * How many items were done together, or how that failed. A batch that fails although each of its items can be done alone
 * costs much and stops nothing, so it is told of like an item that fails: once may be a deadlock, more in a row is not.
 */
function batches<Item>(queue: WorkQueue<Item>): (limit: number) => Promise<number | FailedBatch | undefined> {
  let inRow = 0;
  return async (limit) => {
    try {
      const done = await queue.together?.(limit);
      inRow = 0;
      return done;
    } catch (error) {
      return {
        tell(failed) {
          if (inRow > 0) failed({ item: 'batch', failures: inRow, error });
          inRow++;
        },
      };
    }
  };
}

/**
 * Several kinds of work, one after the other. A kind that fails keeps no other waiting and is told of as an item is; only
 * when all fail, as without a database, the work as a whole does. One whose provider is away has not failed: the work
 * pauses once the others are done.
 */
export function inTurn(kinds: Readonly<Record<string, Work>>): Work {
  const failures = new Map<string, number>();
  return async (limit, failed) => {
    const outcomes = [];
    for (const [item, work] of Object.entries(kinds)) {
      try {
        outcomes.push({ item, done: await work(limit, failed) });
      } catch (error) {
        outcomes.push({ item, error });
      }
    }
    if (outcomes.every((outcome) => 'error' in outcome)) throw outcomes[0]?.error;
    for (const { item, error } of outcomes) {
      if (error instanceof ProviderAwayError) continue;
      const before = failures.get(item) ?? 0;
      failures.set(item, error === undefined ? 0 : before + 1);
      if (error !== undefined) failed({ item, failures: before + 1, error });
    }
    const away = outcomes.find(({ error }) => error instanceof ProviderAwayError);
    if (away) throw away.error;
    return Math.max(...outcomes.map(({ done = 0 }) => done));
  };
}

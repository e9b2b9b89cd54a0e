import type { Work, WorkQueue } from '@plataforma/domain/work-queue';

/**
 * Work on a queue in which no item waits for another that fails. A batch that can be done together is; when that fails, for
 * whatever reason, each of its items is done alone, and what fails then is put off. Where not even that can be stored, as
 * without a database, the work fails as a whole, once the items behind have had their turn.
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
    const lost: unknown[] = [];
    for (const item of items) {
      try {
        await queue.execute(item);
      } catch (error) {
        const putOff = await queue.putOff(item, error).catch((another: unknown) => {
          lost.push(new AggregateError([error, another], 'an item failed, and could not be put off'));
        });
        if (putOff) failed({ ...putOff, error });
      }
    }
    if (lost.length > 0) throw lost[0];
    return items.length;
  };
}

/**
 * Several kinds of work, one after the other. A kind that fails keeps no other waiting and is told of as an item is; only
 * when all fail, as without a database, the work as a whole does.
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
      const before = failures.get(item) ?? 0;
      failures.set(item, error === undefined ? 0 : before + 1);
      if (error !== undefined) failed({ item, failures: before + 1, error });
    }
    return Math.max(...outcomes.map(({ done = 0 }) => done));
  };
}

import { createHook } from 'node:async_hooks';

/** What argon2 calls its work on a thread of libuv's pool. */
const WORK = 'argon2:HashWorker';

/** The hashes of passwords that this process computes, for all of its callers. */
export interface HashWork {
  /** How many were begun while `work` ran. */
  during(work: () => Promise<unknown>): Promise<number>;
  /** The most that were under way at once. */
  readonly most: number;
  stop(): void;
}

/** Watches it from now on: what it costs to answer is seen with certainty there, and by a clock only with luck. */
export function watchHashes(): HashWork {
  const underWay = new Set<number>();
  let begun = 0;
  let most = 0;
  const hook = createHook({
    init(id, type) {
      if (type !== WORK) return;
      begun += 1;
      underWay.add(id);
      most = Math.max(most, underWay.size);
    },
    before: (id) => void underWay.delete(id),
  }).enable();
  return {
    async during(work) {
      const before = begun;
      await work();
      return begun - before;
    },
    get most() {
      return most;
    },
    stop: () => void hook.disable(),
  };
}

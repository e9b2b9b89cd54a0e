/*
 * Room `deadlines`: how long something is waited for, and what becomes of it when its time is over.
 *
 * Waiting itself (`delay`, `settledWithin`, `withDeadline`); work that stores nothing any more once its signal has fired
 * (`work-signal.ts`, which the transactions of room `postgres` heed); calls to a dependency that are not even made while it is
 * away (`breaker.ts`). Nothing here tries again by itself: the caller knows whether that is safe.
 */

/** Resolves after `ms`, or at once when the signal fires. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Whether `work` settles, well or not, within `ms`. The work itself goes on, and its failure is still the caller's. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const expired = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => expired.resolve(false), ms);
  const settled = () => true;
  try {
    return await Promise.race([work.then(settled, settled), expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects with the error of `onTimeout` unless `work` settles within `ms`. The work itself is not stopped. */
export async function withDeadline<T>(work: Promise<T>, ms: number, onTimeout: () => Error): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => expired.reject(onTimeout()), ms);
  try {
    return await Promise.race([work, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}

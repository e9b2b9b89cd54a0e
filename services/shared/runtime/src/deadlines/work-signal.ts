import { AsyncLocalStorage } from 'node:async_hooks';

/** What work has set going may outlive it, and is no longer part of it then. */
interface Scope {
  readonly signal: AbortSignal;
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * Runs work that is worth nothing once the signal has fired: what it starts in the database from then on fails with the
 * reason of the signal, and what it has begun there is rolled back. Statements that are under way are left to their
 * own time limits.
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const scope = { signal, open: true };
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.open = false;
  }
}

/** @throws what the signal of the work under way was fired with */
export function assertStillWanted(): void {
  const scope = scopes.getStore();
  if (scope?.open) scope.signal.throwIfAborted();
}

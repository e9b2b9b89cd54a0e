import { ErroDaPlataforma } from './erro.ts';

/** How often, and for how long, a call is tried. */
export interface Patience {
  /** Attempts in all, the first one included. */
  readonly attempts: number;
  /** For the whole call: attempts, waits, and a token that has to be fetched first. */
  readonly timeoutMs: number;
}

/** When a call is over, whatever became of it. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  /** By `performance.now()`. */
  readonly deadline: number;
}

/** Longest part of the total that one attempt gets: services themselves answer within ten seconds. */
const ATTEMPT_MS = 12_000;
const BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 3_000;

/**
 * Makes attempts until one succeeds, fails in a way that another one would not mend, or no time is left for another. What is tried
 * again has to be without effect, or done once only under its `Idempotency-Key`.
 *
 * @throws ErroDaPlataforma of the last attempt.
 */
export async function withRetries<T>(
  attempts: number,
  limits: Limits,
  attempt: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt(Math.max(1, Math.min(ATTEMPT_MS, left(limits))));
    } catch (error) {
      const waitMs = mayMend(error) ? pause(error, made) : Number.POSITIVE_INFINITY;
      if (made >= attempts || waitMs >= left(limits)) throw error;
      await sleep(waitMs, limits.signal);
      if (limits.signal?.aborted) throw error;
    }
  }
}

/** What others wait for as well goes on; this call waits no longer than it may. @throws ErroDaPlataforma when it does not come. */
export function within<T>(limits: Limits, shared: Promise<T>): Promise<T> {
  const over = new AbortController();
  const tooLate = sleep(
    left(limits),
    AbortSignal.any([over.signal, ...(limits.signal ? [limits.signal] : [])]),
  );
  return Promise.race([
    shared,
    tooLate.then(() => {
      const code = limits.signal?.aborted ? 'canceled' : 'deadline_exceeded';
      throw new ErroDaPlataforma('A plataforma não respondeu a tempo.', { code });
    }),
  ]).finally(() => over.abort());
}

const left = ({ deadline, signal }: Limits) => (signal?.aborted ? 0 : deadline - performance.now());

/** Refusals are final, except of what only came at a bad moment, and of a first attempt that is still at work under its key. */
function mayMend(error: unknown): error is ErroDaPlataforma {
  if (!(error instanceof ErroDaPlataforma)) return false;
  const { code, reason, retryAfterSeconds } = error;
  if (code === 'unavailable' || code === 'deadline_exceeded') return true;
  if (code === 'resource_exhausted') return retryAfterSeconds !== undefined;
  return reason === 'REQUISICAO_EM_ANDAMENTO';
}

/** Anywhere in a span that doubles, so that callers who failed together do not come back together; never before they may. */
function pause({ retryAfterSeconds = 0 }: ErroDaPlataforma, made: number): number {
  const span = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** made);
  return retryAfterSeconds * 1_000 + Math.random() * span;
}

/** Ends early, and without a word, when the signal comes. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    if (signal?.aborted) wake();
    else signal?.addEventListener('abort', wake);
  });
}

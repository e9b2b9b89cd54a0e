import CircuitBreaker from 'opossum';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerOptions {
  /** Failures in a row that open the breaker. Default 5. */
  readonly failures?: number;
  /** How long it stays open before a call is tried again. Default 30 s. */
  readonly resetMs?: number;
  /** Successful trials in a row that close it. Default 2. */
  readonly successes?: number;
  /** A call that takes longer fails; the action itself is not cancelled. Default 5 s. */
  readonly timeoutMs?: number;
  /**
   * True for errors that are an answer rather than an outage (wrong input, not found): they reject the call but count
   * as proof that the other side is alive.
   */
  readonly isAnswer?: (error: unknown) => boolean;
  readonly onStateChange?: (state: BreakerState) => void;
}

export interface Breaker<A extends unknown[], R> {
  readonly name: string;
  readonly state: BreakerState;
  /** Rejects with {@link BreakerOpenError} without calling, {@link BreakerTimeoutError}, or the action's own error. */
  fire(...args: A): Promise<R>;
  /** Stops its timers. Later calls are rejected. */
  close(): void;
}

/** Not called: the dependency failed too often lately. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  readonly code = 'EOPENBREAKER';

  constructor(breaker: string, options?: ErrorOptions) {
    super(`circuit breaker "${breaker}" is open`, options);
  }
}

/** Called, but no answer came in time: the effect may have happened. */
export class BreakerTimeoutError extends Error {
  override readonly name = 'BreakerTimeoutError';
  readonly code = 'ETIMEDOUT';

  constructor(breaker: string, timeoutMs: number, options?: ErrorOptions) {
    super(`call through circuit breaker "${breaker}" took over ${timeoutMs} ms`, options);
  }
}

/**
 * A circuit breaker over opossum. opossum gives timeout, open state and its timer; it would open on a percentage of
 * failures and close after one success, so this wrapper counts failures and successes in a row itself. During the
 * trial (`half-open`) one call at a time goes through, and the first failure opens again.
 */
export function createBreaker<A extends unknown[], R>(
  name: string,
  action: (...args: A) => Promise<R>,
  options: BreakerOptions = {},
): Breaker<A, R> {
  const timeoutMs = options.timeoutMs ?? 5_000;
  const circuit = new CircuitBreaker<A, R>(action, {
    name,
    timeout: timeoutMs,
    resetTimeout: options.resetMs ?? 30_000,
    // Never reached: a rate of 100 % is not above 100. While half-open opossum opens at the first failure anyway.
    errorThresholdPercentage: 100,
    errorFilter: (error) => options.isAnswer?.(error) ?? false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  });
  const trial = followStates(circuit, options);
  const stateNow = (): BreakerState =>
    circuit.opened ? 'open' : circuit.halfOpen || trial.active ? 'half-open' : 'closed';

  return {
    name,
    get state() {
      return stateNow();
    },
    async fire(...args) {
      if (trial.active && trial.calls > 0) throw new BreakerOpenError(name);
      trial.calls++;
      try {
        return await circuit.fire(...args);
      } catch (error) {
        throw translate(error, name, timeoutMs);
      } finally {
        trial.calls--;
      }
    },
    close: () => circuit.shutdown(),
  };
}

/** Opens after enough failures in a row, and keeps up the trial after opossum has closed too early. */
function followStates(circuit: CircuitBreaker<never[], unknown> | CircuitBreaker, options: BreakerOptions) {
  const trial = { active: false, calls: 0 };
  let failures = 0;
  let successes = 0;
  const changed = (state: BreakerState) => options.onStateChange?.(state);
  circuit.on('open', () => changed('open'));
  circuit.on('halfOpen', () => {
    Object.assign(trial, { active: true });
    successes = 0;
    changed('half-open');
  });
  circuit.on('success', () => {
    failures = 0;
    if (!trial.active || ++successes < (options.successes ?? 2)) return;
    trial.active = false;
    changed('closed');
  });
  circuit.on('failure', () => {
    if (++failures >= (options.failures ?? 5) || trial.active) circuit.open();
  });
  return trial;
}

function translate(error: unknown, name: string, timeoutMs: number): unknown {
  if (!(error instanceof Error) || !CircuitBreaker.isOurError(error)) return error;
  const { code } = error as { code?: string };
  if (code === 'ETIMEDOUT') return new BreakerTimeoutError(name, timeoutMs, { cause: error });
  return new BreakerOpenError(name, { cause: error });
}

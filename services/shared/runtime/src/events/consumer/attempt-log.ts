interface Attempts {
  failures: number;
  /** Since when its statements have been timing out and nothing else. */
  timeoutsSince: number | undefined;
  /** Why it is to be buried, once that is decided. */
  final: { readonly error: unknown } | undefined;
}

// Far more than one consumer has on its hands at a time: what is forgotten was settled elsewhere.
const MAX_MESSAGES = 1_000;

/**
 * What this process has seen of messages that it could not handle, by their sequence in the stream. The delivery count
 * of the server does not tell: restarts and outages add to it as well.
 *
 * Without the log, what was delivered often through no fault of its own would be buried at its first failure
 * (`event-outage.int.spec.ts`, "counts only what it has seen fail itself"), and a handler would be called again for a message
 * whose dead letter alone is missing (`event-bus.int.spec.ts`, "keeps the message until its dead letter can be written").
 */
export class AttemptLog {
  readonly #messages = new Map<number, Attempts>();

  /** Notes that the handler itself has failed; answers how often by now. */
  failed(sequence: number): number {
    return ++this.#touch(sequence).failures;
  }

  /** Notes that something else than a timeout came of it. */
  noTimeout(sequence: number): void {
    const attempts = this.#messages.get(sequence);
    if (attempts) attempts.timeoutsSince = undefined;
  }

  /** Notes that a statement timed out; answers for how many milliseconds that has been so. */
  timedOut(sequence: number, now: number): number {
    const attempts = this.#touch(sequence);
    attempts.timeoutsSince ??= now;
    return now - attempts.timeoutsSince;
  }

  /** Notes that the message is to be buried: its handler is not called again, also if that does not work at once. */
  giveUp(sequence: number, error: unknown): void {
    this.#touch(sequence).final = { error };
  }

  /** Why the message is to be buried; undefined while it may still be handled. */
  final(sequence: number): { readonly error: unknown } | undefined {
    return this.#messages.get(sequence)?.final;
  }

  /** The message is settled. */
  forget(sequence: number): void {
    this.#messages.delete(sequence);
  }

  #touch(sequence: number): Attempts {
    const attempts = this.#messages.get(sequence) ?? {
      failures: 0,
      timeoutsSince: undefined,
      final: undefined,
    };
    this.#messages.delete(sequence);
    this.#messages.set(sequence, attempts);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > MAX_MESSAGES && oldest !== undefined) this.#messages.delete(oldest);
    return attempts;
  }
}

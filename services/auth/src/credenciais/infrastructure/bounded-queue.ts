/** Too much work is waiting already. */
class QueueBusyError extends Error {
  override readonly name = 'QueueBusyError';
  /** Read by the runtime's error mapping: answers UNAVAILABLE. */
  readonly code = 'ESEMLOCKED';
  /** Read there, too: when to come back. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Waiting {
  readonly since: number;
  readonly enter: () => void;
  readonly giveUp: (reason: QueueBusyError) => void;
}

/**
 * Runs a few pieces of work at once, the others wait: at most so many, and none too long. Without the second limit a
 * slow machine would spend itself on callers who have left, and those who stay would wait as long as they did. Each caller's
 * pieces run in turn, and callers take turns: one who brings many waits for them alone. When no more may wait, whoever has
 * most waiting gives up the last of it to a caller with less, so that the queue is never full of one caller's work.
 */
export class BoundedQueue {
  readonly #limits: { readonly atOnce: number; readonly waiting: number; readonly waitMs: number };
  readonly #now: () => number;
  /** By caller, whose turn is next first. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  #running = 0;

  constructor(limits: { atOnce: number; waiting: number; waitMs: number }, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** @throws QueueBusyError at once when too many wait, later when its turn comes too late or others need its place. */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running++;
    else await this.#turn(caller);
    try {
      return await work();
    } finally {
      this.#handOver();
    }
  }

  #turn(caller: string): Promise<void> {
    const line = this.#lines.get(caller) ?? [];
    if (this.#waiting >= this.#limits.waiting) this.#makeRoom(line.length);
    this.#waiting++;
    this.#lines.set(caller, line);
    return new Promise((enter, giveUp) => line.push({ since: this.#now(), enter, giveUp }));
  }

  /** For a caller that has so much waiting. At most as many lines are looked at as there are pieces that wait. */
  #makeRoom(has: number): void {
    let longest: Waiting[] = [];
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line;
    if (longest.length <= has + 1) throw this.#busy('too many are waiting');
    longest.pop()?.giveUp(this.#busy('others have waited for less'));
    this.#waiting--;
  }

  #handOver(): void {
    const oldest = this.#now() - this.#limits.waitMs;
    let next = this.#next();
    while (next && next.since < oldest) {
      next.giveUp(this.#busy('waited too long'));
      next = this.#next();
    }
    if (next) next.enter();
    else this.#running--;
  }

  #next(): Waiting | undefined {
    for (const [caller, line] of this.#lines) {
      const next = line.shift();
      this.#lines.delete(caller);
      // A Map iterates in the order of insertion: this caller's next turn is the last one.
      if (line.length > 0) this.#lines.set(caller, line);
      if (next) this.#waiting--;
      return next;
    }
    return undefined;
  }

  #busy(message: string): QueueBusyError {
    return new QueueBusyError(message, Math.ceil(this.#limits.waitMs / 1_000));
  }
}

/** Too much work is waiting already. */
class QueueBusyError extends Error {
  override readonly name = 'QueueBusyError';
  /** Read by the runtime's error mapping: answers UNAVAILABLE. */
  readonly code = 'ESEMLOCKED';
}

interface Waiting {
  readonly since: number;
  readonly enter: () => void;
  readonly giveUp: (reason: QueueBusyError) => void;
}

/**
 * Runs a few pieces of work at once, the others wait: at most so many, and none too long. Without the second limit a
 * slow machine would spend itself on callers who have left, and those who stay would wait as long as they did. Each caller's
 * pieces run in turn, and callers take turns: one who brings many waits for them alone.
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

  /** @throws QueueBusyError at once when too many wait, later when its turn comes too late. */
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
    if (this.#waiting >= this.#limits.waiting) throw new QueueBusyError('too many are waiting');
    this.#waiting++;
    const line = this.#lines.get(caller) ?? [];
    this.#lines.set(caller, line);
    return new Promise((enter, giveUp) => line.push({ since: this.#now(), enter, giveUp }));
  }

  #handOver(): void {
    const oldest = this.#now() - this.#limits.waitMs;
    let next = this.#next();
    while (next && next.since < oldest) {
      next.giveUp(new QueueBusyError('waited too long'));
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
}

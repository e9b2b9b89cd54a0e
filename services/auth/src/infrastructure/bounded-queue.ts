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
 * Runs a few pieces of work at once, the others wait in turn: at most so many, and none too long. Without the second
 * limit a slow machine would spend itself on callers who have left, and everybody would wait as long as they did.
 */
export class BoundedQueue {
  readonly #limits: { readonly atOnce: number; readonly waiting: number; readonly waitMs: number };
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(limits: { atOnce: number; waiting: number; waitMs: number }, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** @throws QueueBusyError at once when too many wait, later when its turn comes too late. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#handOver();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting) throw new QueueBusyError('too many are waiting');
    return new Promise((enter, giveUp) => this.#waiting.push({ since: this.#now(), enter, giveUp }));
  }

  #handOver(): void {
    const oldest = this.#now() - this.#limits.waitMs;
    let next = this.#waiting.shift();
    while (next && next.since < oldest) {
      next.giveUp(new QueueBusyError('waited too long'));
      next = this.#waiting.shift();
    }
    if (next) next.enter();
    else this.#running--;
  }
}

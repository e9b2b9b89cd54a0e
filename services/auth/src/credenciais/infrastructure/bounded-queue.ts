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

/** By so many pieces of work, the last ones, it is told how long one takes at least; fewer than the first number tell nothing. */
const MEASURED = { fewest: 3, most: 8 };
/** Work that is held up must not keep those waiting beyond what they can. */
const LOOK_MS = 200;

interface Waiting {
  /** Its turn is of no use later. */
  readonly until: number;
  readonly enter: () => void;
  readonly giveUp: (reason: QueueBusyError) => void;
}

/**
 * Runs a few pieces of work at once, the others wait: at most so many, and none too long. Without the second limit a
 * slow machine would spend itself on callers who have left, and those who stay would wait as long as they did. Each caller's
 * pieces run in turn, and callers take turns: one who brings many waits for them alone. When no more may wait, whoever has
 * most waiting gives up the last of it to a caller with less, so that the queue is never full of one caller's work. Who would
 * wait for longer than they can, by what the work before took, hears so when they come.
 */
export class BoundedQueue {
  readonly #limits: { readonly atOnce: number; readonly waiting: number; readonly waitMs: number };
  readonly #now: () => number;
  /** By caller, whose turn is next first. */
  readonly #lines = new Map<string, Waiting[]>();
  #waiting = 0;
  /** What the last pieces took. */
  readonly #took: number[] = [];
  #looking: NodeJS.Timeout | undefined;
  #running = 0;

  constructor(limits: { atOnce: number; waiting: number; waitMs: number }, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * @param waitMs for how long the caller can wait, if that is less than anybody may
   * @throws QueueBusyError at once when too many wait or for too long, later when its turn comes too late or others need its place
   */
  async run<T>(caller: string, work: () => Promise<T>, waitMs = this.#limits.waitMs): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running++;
    else await this.#turn(caller, Math.min(waitMs, this.#limits.waitMs));
    const since = this.#now();
    try {
      return await work();
    } finally {
      this.#measure(this.#now() - since);
      this.#handOver();
    }
  }

  #turn(caller: string, waitMs: number): Promise<void> {
    const line = this.#lines.get(caller) ?? [];
    let before = 0;
    for (const { length } of this.#lines.values()) before += Math.min(length, line.length + 1);
    if (before * this.#pieceMs() > waitMs) throw this.#busy('the wait would be too long');
    if (this.#waiting >= this.#limits.waiting) this.#makeRoom(line.length);
    this.#waiting++;
    this.#lines.set(caller, line);
    this.#looking ??= setInterval(() => this.#sendAway(), LOOK_MS).unref();
    return new Promise((enter, giveUp) => line.push({ until: this.#now() + waitMs, enter, giveUp }));
  }

  /** At least so much time lies between two turns: what once held work up must send nobody away. */
  #pieceMs(): number {
    return this.#took.length < MEASURED.fewest ? 0 : Math.min(...this.#took) / this.#limits.atOnce;
  }

  #measure(ms: number): void {
    this.#took.push(ms);
    if (this.#took.length > MEASURED.most) this.#took.shift();
  }

  /** Those whose turn has not come in time, or cannot: looked at in the order of their turns. */
  #sendAway(): void {
    const [now, pieceMs] = [this.#now(), this.#pieceMs()];
    let turn = now;
    const gone = new Set<Waiting>();
    for (const one of this.#inOrder()) {
      if (turn <= one.until) {
        turn += pieceMs;
        continue;
      }
      gone.add(one);
      one.giveUp(this.#busy(one.until < now ? 'waited too long' : 'the wait would be too long'));
    }
    if (gone.size === 0) return;
    for (const [caller, line] of this.#lines) {
      const stay = line.filter((one) => !gone.has(one));
      if (stay.length === 0) this.#lines.delete(caller);
      else this.#lines.set(caller, stay);
    }
    this.#waiting -= gone.size;
  }

  /** All that wait: one of each line in turn. */
  *#inOrder(): Iterable<Waiting> {
    const lines = [...this.#lines.values()];
    for (let round = 0; lines.some(({ length }) => length > round); round++)
      for (const line of lines) if (line[round]) yield line[round] as Waiting;
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
    this.#sendAway();
    const next = this.#next();
    if (this.#waiting === 0) {
      clearInterval(this.#looking);
      this.#looking = undefined;
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

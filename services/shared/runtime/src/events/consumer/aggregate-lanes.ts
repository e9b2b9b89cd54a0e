/** What became of a job: settled for good, or the same job (same key and sequence) comes again in `retryInMs`. */
export type Outcome = { readonly retryInMs?: number };

interface Job {
  readonly sequence: number;
  readonly run: () => Promise<Outcome>;
}

interface Lane {
  /** Ordered by sequence. */
  readonly waiting: Job[];
  /** Sequence -> until when later jobs let it go first. */
  readonly retrying: Map<number, number>;
  running: boolean;
  timer?: NodeJS.Timeout;
}

// The redelivery needs its way from the server to here on top of the delay.
const REDELIVERY_MARGIN_MS = 500;

/**
 * Runs jobs of different keys side by side (at most `concurrency`) and jobs of one key one after the other, by
 * sequence. While a job waits for its retry the later ones of its key are held back, but only until that retry is due:
 * if it does not come (another replica has it), they go on. So order is kept whenever that is cheap, and no message
 * ever blocks its aggregate for longer than its own backoff; nothing blocks other aggregates.
 *
 * Without lanes, two facts about one reservation would be handled at once or turned round by a retry, and one slow aggregate
 * would stop all others (`aggregate-lanes.spec.ts`; with a server: `event-bus.int.spec.ts`, "keeps the order of one aggregate").
 */
export class AggregateLanes {
  readonly #concurrency: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters: (() => void)[] = [];
  #active = 0;
  #inHand = 0;
  #holding = true;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Jobs waiting or running. */
  get inHand(): number {
    return this.#inHand;
  }

  /** Queues a job. `run` must not reject: what it does about a failure is its outcome. */
  add(key: string, sequence: number, run: () => Promise<Outcome>): void {
    const lane = this.#lanes.get(key) ?? { waiting: [], retrying: new Map(), running: false };
    this.#lanes.set(key, lane);
    const after = lane.waiting.findIndex((job) => job.sequence > sequence);
    lane.waiting.splice(after === -1 ? lane.waiting.length : after, 0, { sequence, run });
    this.#inHand++;
    this.#pump();
  }

  /** Resolves as soon as fewer than `limit` jobs are in hand. */
  async below(limit: number): Promise<void> {
    while (this.#inHand >= limit) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Runs what is left without waiting for retries, and resolves when nothing is in hand. */
  async drain(): Promise<void> {
    this.#holding = false;
    this.#pump();
    await this.below(1);
  }

  #pump(): void {
    for (const [key, lane] of this.#lanes) {
      if (this.#active >= this.#concurrency) return;
      if (lane.running) continue;
      const job = lane.waiting[0];
      if (job === undefined || this.#isHeld(lane, job.sequence)) {
        this.#removeIfEmpty(key, lane);
        continue;
      }
      lane.waiting.shift();
      this.#clearTimer(lane);
      void this.#run(key, lane, job);
    }
  }

  #isHeld(lane: Lane, sequence: number): boolean {
    if (!this.#holding) return false;
    const now = Date.now();
    for (const [retrying, until] of lane.retrying) {
      if (until <= now) lane.retrying.delete(retrying);
      else if (retrying < sequence) {
        lane.timer ??= setTimeout(() => this.#wake(lane), until - now);
        return true;
      }
    }
    return false;
  }

  #wake(lane: Lane): void {
    this.#clearTimer(lane);
    this.#pump();
  }

  #clearTimer(lane: Lane): void {
    clearTimeout(lane.timer);
    delete lane.timer;
  }

  async #run(key: string, lane: Lane, job: Job): Promise<void> {
    lane.running = true;
    this.#active++;
    const { retryInMs } = await job.run();
    if (retryInMs === undefined) lane.retrying.delete(job.sequence);
    else lane.retrying.set(job.sequence, Date.now() + retryInMs + REDELIVERY_MARGIN_MS);
    lane.running = false;
    this.#active--;
    this.#inHand--;
    // To the end of the round, so that a busy aggregate does not starve the others.
    this.#lanes.delete(key);
    this.#lanes.set(key, lane);
    for (const wake of this.#waiters.splice(0)) wake();
    this.#pump();
  }

  #removeIfEmpty(key: string, lane: Lane): void {
    if (lane.waiting.length > 0) return;
    const now = Date.now();
    for (const [sequence, until] of lane.retrying) if (until <= now) lane.retrying.delete(sequence);
    if (lane.retrying.size > 0) return;
    this.#clearTimer(lane);
    this.#lanes.delete(key);
  }
}

import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';
import { delay } from '@plataforma/runtime/wait';

export interface WorkerOptions {
  readonly name: string;
  /** Does one piece of work; false when there is none. */
  readonly work: () => Promise<boolean>;
  /** How often it looks for work nobody told it about. */
  readonly intervalMs: number;
  /** Pieces of work at the same time: a slow one does not hold up the others. */
  readonly lanes: number;
  readonly logger: Logger;
}

/** Takes work from a queue until it is empty, then waits for {@link wake} or the interval. */
export class Worker implements Background {
  readonly name: string;
  readonly #options: WorkerOptions;
  readonly #stopping = new AbortController();
  #lanes: Promise<void>[] = [];
  #alarm = new AbortController();

  constructor(options: WorkerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#lanes = Array.from({ length: this.#options.lanes }, () => this.#run());
  }

  turn(): Promise<boolean> {
    return this.#options.work();
  }

  /** There may be work now. */
  wake(): void {
    this.#alarm.abort();
    this.#alarm = new AbortController();
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // Taken before the look, so that a wake-up in between is not missed.
      const alarm = this.#alarm.signal;
      if (!(await this.#workOnce())) await delay(this.#options.intervalMs, alarm);
    }
  }

  async #workOnce(): Promise<boolean> {
    try {
      return await this.#options.work();
    } catch (err) {
      this.#options.logger.error({ err, worker: this.name }, 'background work failed, trying again');
      return false;
    }
  }
}

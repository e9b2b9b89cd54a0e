import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';

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

/**
 * Takes work from a queue until it is empty, then waits for {@link wake} or the interval. A wake-up calls one lane, not
 * all of them: each of the others would ask the database in vain.
 */
export class Worker implements Background {
  readonly name: string;
  readonly #options: WorkerOptions;
  #lanes: Promise<void>[] = [];
  /** Lanes that rest, longest first. */
  readonly #resting: Array<() => void> = [];
  /** Wake-ups that found every lane at work: so many more looks before a lane may rest. */
  #owed = 0;
  #stopping = false;

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

  /** There may be one more piece of work now. */
  wake(): void {
    const rouse = this.#resting.shift();
    if (rouse) rouse();
    else this.#owed = Math.min(this.#owed + 1, this.#options.lanes);
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const rouse of this.#resting.splice(0)) rouse();
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      if (await this.#workOnce()) continue;
      if (this.#owed > 0) this.#owed--;
      else await this.#rest();
    }
  }

  #rest(): Promise<void> {
    if (this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => rouse(), this.#options.intervalMs);
      const rouse = () => {
        clearTimeout(timer);
        const place = this.#resting.indexOf(rouse);
        if (place >= 0) this.#resting.splice(place, 1);
        resolve();
      };
      this.#resting.push(rouse);
    });
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

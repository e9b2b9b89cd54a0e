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
 * Takes work from a queue until it is empty, then waits for {@link wake} or the interval. A wake-up stands for one piece
 * of work: it calls one lane, and that lane looks once, since every further look would ask the database in vain.
 */
export class Worker implements Background {
  readonly name: string;
  readonly #options: WorkerOptions;
  #lanes: Promise<void>[] = [];
  /** Lanes that rest, longest first. */
  readonly #resting: Array<() => void> = [];
  /** Wake-ups that found every lane at work: so many more looks before the lanes may rest. */
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
    else this.#owed++;
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const rouse of this.#resting.splice(0)) rouse();
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    // At the start, and at each interval, there may be more than anybody told of.
    let untilEmpty = true;
    while (!this.#stopping) {
      const worked = await this.#workOnce();
      untilEmpty &&= worked;
      const owed = this.#owed > 0;
      if (owed) this.#owed--;
      if (owed || untilEmpty) continue;
      untilEmpty = (await this.#rest()) === 'interval';
    }
  }

  #rest(): Promise<'woken' | 'interval'> {
    if (this.#stopping) return Promise.resolve('woken');
    return new Promise((resolve) => {
      const leave = (why: 'woken' | 'interval') => {
        clearTimeout(timer);
        const place = this.#resting.indexOf(rouse);
        if (place >= 0) this.#resting.splice(place, 1);
        resolve(why);
      };
      const rouse = () => leave('woken');
      const timer = setTimeout(() => leave('interval'), this.#options.intervalMs);
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

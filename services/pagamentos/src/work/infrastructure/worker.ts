import type { Logger } from '@plataforma/runtime/logger';
import type { Background } from '@plataforma/runtime/service';

type Job = () => Promise<void>;

export interface WorkerOptions {
  readonly name: string;
  /** Does one piece of work; false when there is none. */
  readonly work: () => Promise<boolean>;
  /** How often it looks for work without having been woken. */
  readonly intervalMs: number;
  /** Pieces of work at the same time: a slow one does not hold up the others. */
  readonly lanes: number;
  readonly logger: Logger;
}

/**
 * Takes work from a queue until it is empty, then waits for {@link wake} or the interval. A wake-up stands for one piece
 * of work: it calls one lane, and that lane looks once, since every further look would ask the database in vain. A piece
 * that never was in the queue can be {@link offer}ed to a lane that rests.
 */
export class Worker implements Background {
  readonly name: string;
  readonly #options: WorkerOptions;
  #lanes: Promise<void>[] = [];
  /** Lanes that rest, longest first; each can be given something to do. */
  readonly #resting: Array<(job?: Job) => void> = [];
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

  /** A lane that rests does this piece of work now; undefined when none does. */
  offer<T>(work: () => Promise<T>): Promise<T> | undefined {
    const rouse = this.#resting.shift();
    if (!rouse) return undefined;
    const done = Promise.withResolvers<T>();
    rouse(() => work().then(done.resolve, done.reject));
    return done.promise;
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const rouse of this.#resting.splice(0)) rouse();
    await Promise.all(this.#lanes);
  }

  async #run(): Promise<void> {
    // At the start, and at each interval, there may be more than it was woken for.
    let untilEmpty = true;
    while (!this.#stopping) {
      const worked = await this.#workOnce();
      untilEmpty &&= worked;
      const owed = this.#owed > 0;
      if (owed) this.#owed--;
      if (owed || untilEmpty) continue;
      untilEmpty = (await this.#called()) === 'interval';
    }
  }

  /** Rests, and does what is offered, until it is time to look: what waits in the queue must not wait for a lull. */
  async #called(): Promise<'woken' | 'interval'> {
    const due = performance.now() + this.#options.intervalMs;
    for (;;) {
      const call = await this.#rest(due - performance.now());
      if (typeof call === 'string') return call;
      await call();
      if (performance.now() >= due) return 'interval';
      if (this.#owed === 0) continue;
      this.#owed--;
      return 'woken';
    }
  }

  #rest(ms: number): Promise<'woken' | 'interval' | Job> {
    if (this.#stopping) return Promise.resolve('woken');
    return new Promise((resolve) => {
      const leave = (why: 'woken' | 'interval' | Job) => {
        clearTimeout(timer);
        const place = this.#resting.indexOf(rouse);
        if (place >= 0) this.#resting.splice(place, 1);
        resolve(why);
      };
      const rouse = (job?: Job) => leave(job ?? 'woken');
      const timer = setTimeout(() => leave('interval'), ms);
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

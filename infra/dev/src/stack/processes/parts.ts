import type { Restartable } from './restartable.ts';
import { GivenUpError, keepAlive, type Witness } from './supervisor.ts';

/** What becomes of the parts of a stack, and who hears of it. */
interface PartsOptions {
  readonly onStarted?: ((part: string, ms: number) => void) | undefined;
  readonly supervisor?: Witness | undefined;
  /** Gives up starts that are under way. */
  readonly aborted?: AbortSignal | undefined;
}

/** What runs, in the order in which it was started. */
export class Parts {
  readonly failed: Promise<never>;
  /** Aborted from outside, or once the parts are being stopped: nothing is started any more. */
  readonly aborted: AbortSignal;
  readonly #options: PartsOptions;
  readonly #stopping = new AbortController();
  readonly #starting = new Set<Promise<unknown>>();
  #running: Restartable[] = [];
  #fail: (reason: Error) => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor(options: PartsOptions) {
    this.#options = options;
    const outside = options.aborted ? [options.aborted] : [];
    this.aborted = AbortSignal.any([this.#stopping.signal, ...outside]);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async add<P extends Restartable>(name: string, start: () => Promise<P>): Promise<P> {
    this.aborted.throwIfAborted();
    const begin = performance.now();
    const starting = start();
    this.#starting.add(starting.catch(() => {}));
    const part = await starting;
    this.#running.push(part);
    this.#options.onStarted?.(name, performance.now() - begin);
    this.#guard(name, part).catch((error: Error) => this.#fail(error));
    return part;
  }

  stop(): Promise<void> {
    this.#stopping.abort(new Error('the stack is being stopped'));
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #guard(name: string, part: Restartable): Promise<void> {
    const { supervisor: witness } = this.#options;
    if (witness) return keepAlive(name, part, { witness, signal: this.aborted });
    const death = await part.death;
    if (!this.aborted.aborted) throw new GivenUpError(name, death, 1);
  }

  /** A part that was just being started again is asked to stop once it has come up, or its start has been given up. */
  async #stopAll(): Promise<void> {
    await Promise.all(this.#starting);
    for (const part of this.#running.reverse()) await part.stop();
  }
}

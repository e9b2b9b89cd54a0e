interface Waiting<T> {
  readonly item: T;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Items that come while others are dealt with are dealt with together: for work that costs nearly the same for one and for
 * many, such as a transaction. The first one waits for nobody. When several fail together each is tried by itself, so that
 * one that cannot be dealt with holds up no other.
 */
export class Together<T> {
  readonly #work: (items: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #going = false;

  /** @param work deals with all of them or none; never called beside itself */
  constructor(work: (items: readonly T[]) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when it is dealt with, and rejects when it cannot be. */
  add(item: T): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ item, done });
    if (!this.#going) void this.#go();
    return done.promise;
  }

  async #go(): Promise<void> {
    this.#going = true;
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0));
    this.#going = false;
  }

  /** Never rejects: each one hears for itself. */
  async #settle(all: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#work(all.map(({ item }) => item));
      for (const { done } of all) done.resolve();
    } catch (cause) {
      if (all.length === 1) all[0]?.done.reject(cause);
      else for (const one of all) await this.#settle([one]);
    }
  }
}

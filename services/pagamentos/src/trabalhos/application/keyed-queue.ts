/**
 * Lets pieces of work with the same key go one after the other, those with different keys side by side. Within this
 * process only: it spares those that would lose a race in the database the attempt, the database still decides.
 */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#last.get(key);
    const end = Promise.withResolvers<void>();
    this.#last.set(key, end.promise);
    await previous;
    try {
      return await work();
    } finally {
      if (this.#last.get(key) === end.promise) this.#last.delete(key);
      end.resolve();
    }
  }
}

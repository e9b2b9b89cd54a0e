/**
 * Lets pieces of work with the same key go one after the other, those with different keys side by side. Within this
 * process only: it spares those that would lose a race in the database the attempt, the database still decides.
 */
export class UmPorVez {
  readonly #ultimos = new Map<string, Promise<void>>();

  async run<T>(chave: string, trabalho: () => Promise<T>): Promise<T> {
    const anterior = this.#ultimos.get(chave);
    const fim = Promise.withResolvers<void>();
    this.#ultimos.set(chave, fim.promise);
    await anterior;
    try {
      return await trabalho();
    } finally {
      if (this.#ultimos.get(chave) === fim.promise) this.#ultimos.delete(chave);
      fim.resolve();
    }
  }
}

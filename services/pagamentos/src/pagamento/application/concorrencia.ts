/** Somebody else wrote to the same payment, or charged the same reservation, in the meantime. Nothing was written. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
}

const MAX_DECISOES = 8;

/**
 * Loads and decides again when somebody else was faster. Every loss means that another writer got through, so the
 * limit is only reached under a defect; then the last {@link ConcurrencyError} is thrown.
 */
export async function decidirDeNovo<T>(decidir: () => Promise<T>): Promise<T> {
  for (let vez = 1; ; vez++) {
    try {
      return await decidir();
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || vez >= MAX_DECISOES) throw error;
    }
  }
}

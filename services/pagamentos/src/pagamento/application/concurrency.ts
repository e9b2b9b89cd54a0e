/** Another transaction wrote to the same payment, or charged the same reservation, meanwhile. Nothing was written. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
}

const MAX_DECISIONS = 8;

/**
 * Reads and decides again when another transaction was faster. Every loss means that another writer got through, so the
 * limit is only reached under a defect; then the last {@link ConcurrencyError} is thrown.
 */
export async function decideAgain<T>(decide: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || turn >= MAX_DECISIONS) throw error;
    }
  }
}

/**
 * The answers of work that was begun together, such as statements that travel in one round trip, once all of it has
 * ended: nothing goes on behind the back of the caller.
 *
 * Of several failures it rejects with that of the first in the order given, whichever is heard of first: of statements
 * in one transaction that one is the cause of the others.
 *
 * @param begun a tuple, answered as the tuple of its values, or a list of any length; a value that is no promise stands
 * for itself
 */
export async function answersOf<T extends readonly unknown[]>(
  begun: {
    readonly [K in keyof T]: Promise<T[K]> | T[K];
  },
): Promise<T> {
  const outcomes = await Promise.allSettled(begun);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }) as unknown as T;
}

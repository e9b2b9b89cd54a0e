/**
 * Waits for all of them, also when one fails: nothing goes on behind the back of who asked. Of several failures it
 * rejects with that of the first in the order given; of statements sent together that one is the cause of the others.
 */
export async function todos<T extends readonly unknown[]>(
  trabalhos: {
    readonly [K in keyof T]: Promise<T[K]> | T[K];
  },
): Promise<T> {
  const desfechos = await Promise.allSettled(trabalhos);
  return desfechos.map((desfecho) => {
    if (desfecho.status === 'rejected') throw desfecho.reason;
    return desfecho.value;
  }) as unknown as T;
}

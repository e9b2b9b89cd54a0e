/** So many failures in a row make an item dead: an operator has to look why. What is not given up is tried on, at its slowest. */
export const DEAD_AFTER = 10;

/** Longest text of an error that is kept. */
const MAX_ERROR = 500;

/**
 * What is kept of an error that may be somebody else's: its beginning, and no NUL, which PostgreSQL does not store. What put
 * an item off must not itself fail to be stored.
 */
export function keptError(error: unknown): string {
  return String(error).slice(0, MAX_ERROR).replaceAll('\0', '\uFFFD');
}

/** How often an item has failed in a row by now. */
export interface PutOff {
  /** Its name, for the log. */
  readonly item: string;
  readonly failures: number;
  /** It is not tried again until an operator brings it back. */
  readonly givenUp?: boolean;
}

/** An item that has failed and was put off. */
export interface Failure extends PutOff {
  readonly error: unknown;
}

/** Does at most `limit` items of what is due and answers how many there were; those that fail are told of. */
export type Work = (limit: number, failed: (failure: Failure) => void) => Promise<number>;

/** What operators see of a queue. */
export interface QueueState {
  /** Since when the item that has waited longest is due; undefined when none is. */
  readonly dueSince: Date | undefined;
  /** Items that have failed and are tried again. */
  readonly putOff: number;
  /** Items that have failed {@link DEAD_AFTER} times in a row or were given up. */
  readonly dead: number;
}

/**
 * Things to be done that are stored, one item independent of the other: what a worker takes its work from. Several
 * replicas ask at once: either an item that is due is leased, or whoever does it locks it and looks again.
 */
export interface WorkQueue<Item> {
  /** At most so many items that are due, the longest due first. */
  due(limit: number): Promise<readonly Item[]>;
  /** Does at most so many of them in one transaction, where that is cheaper than one each; how many there were. */
  together?(limit: number): Promise<number>;
  /** Does one; nothing when another replica has done it meanwhile. */
  execute(item: Item): Promise<void>;
  /** Leaves an item that has failed alone for a while, longer each time, and keeps its error. */
  putOff(item: Item, error: unknown): Promise<PutOff>;
  /**
   * Leaves an item alone for a while because its provider is away, which is no failure of it and counts nothing. A queue
   * that asks nobody outside has none.
   */
  giveBack?(item: Item, error: ProviderAwayError): Promise<void>;
}

/**
 * The other side of the work is away, for all items: it cannot be reached, or says that it cannot answer now. To go on
 * asking it at once helps no item. What it refuses is another error, for that is about the item.
 */
export class ProviderAwayError extends Error {
  override readonly name = 'ProviderAwayError';
}

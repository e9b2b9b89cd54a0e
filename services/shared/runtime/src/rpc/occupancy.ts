/** How many may be open at a time: in all, from one address, on one connection. */
export interface Cap {
  readonly total: number;
  readonly perAddress: number;
  readonly perConnection: number;
}

/** Which part of a {@link Cap} is used up. */
export type Share = 'total' | 'address' | 'connection';

/** Counts what is open against a cap. */
export class Occupancy {
  readonly cap: Cap;
  readonly #byAddress = new Map<string, number>();
  readonly #byConnection = new Map<object, number>();
  #total = 0;

  constructor(cap: Cap) {
    this.cap = cap;
  }

  get total(): number {
    return this.#total;
  }

  /** Takes a place, to be given back by {@link leave}; or takes none and says which share is used up. */
  enter(address: string, connection: object): Share | undefined {
    const ofAddress = this.#byAddress.get(address) ?? 0;
    const ofConnection = this.#byConnection.get(connection) ?? 0;
    // The smallest share first: who uses up their own is not told that the service is full.
    if (ofConnection >= this.cap.perConnection) return 'connection';
    if (ofAddress >= this.cap.perAddress) return 'address';
    if (this.#total >= this.cap.total) return 'total';
    this.#total += 1;
    this.#byAddress.set(address, ofAddress + 1);
    this.#byConnection.set(connection, ofConnection + 1);
    return undefined;
  }

  leave(address: string, connection: object): void {
    this.#total -= 1;
    decrease(this.#byAddress, address);
    decrease(this.#byConnection, connection);
  }
}

function decrease<K>(counts: Map<K, number>, key: K): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

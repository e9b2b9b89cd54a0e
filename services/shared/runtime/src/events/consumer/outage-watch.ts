/**
 * Which event types have been finding a dependency away, and for how long: the handlers of one type need the same
 * things. A type without a word for as long as an outage takes to be called long has no outage: its messages went to
 * another replica.
 *
 * Without the watch, each message of a long outage would hold a lane for a minute, and a replica that lost only its own way to
 * the database would draw all messages away from those that did not (`event-processor.spec.ts`, "gives back at once in an
 * outage that is long by now"); stopping would wait for a connection timeout per message (`event-outage.int.spec.ts`, "gives
 * back what is in hand without trying it").
 */
export class OutageWatch {
  readonly #longMs: number;
  readonly #outages = new Map<string, { readonly since: number; readonly last: number }>();

  constructor(longMs: number) {
    this.#longMs = longMs;
  }

  /** Notes that a message of this type met a dependency that is away. */
  away(type: string, now: number): void {
    const outage = this.#outages.get(type);
    const since = outage && now - outage.last <= this.#longMs ? outage.since : now;
    this.#outages.set(type, { since, last: now });
  }

  /** Notes that a message of this type was handled. */
  handled(type: string): void {
    this.#outages.delete(type);
  }

  /** Whether messages of this type have lately met a dependency that is away, and none was handled since. */
  isAway(type: string, now: number): boolean {
    const outage = this.#outages.get(type);
    return outage !== undefined && now - outage.last <= this.#longMs;
  }

  isLong(type: string, now: number): boolean {
    const outage = this.#outages.get(type);
    return outage !== undefined && this.#isLong(outage, now);
  }

  /** Whether there is a long outage of any type. */
  anyLong(now: number): boolean {
    return [...this.#outages.values()].some((outage) => this.#isLong(outage, now));
  }

  #isLong({ since, last }: { since: number; last: number }, now: number): boolean {
    return last - since >= this.#longMs && now - last <= this.#longMs;
  }
}

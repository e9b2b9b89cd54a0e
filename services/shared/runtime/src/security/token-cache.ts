import type { Principal } from '../rpc/principal.ts';

/** About 10 MB of tokens. */
const MAX_ENTRIES = 5_000;
const MAX_AGE_MS = 60_000;

interface Entry {
  readonly principal: Principal;
  readonly until: number;
}

/**
 * Tokens whose signature has been checked lately. Checking it costs more than all the rest of a short call, and
 * clients send the same token again and again.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();

  /** @param now milliseconds since the epoch */
  get(token: string, now: number): Principal | undefined {
    const entry = this.#entries.get(token);
    if (entry === undefined) return undefined;
    if (now < entry.until) return entry.principal;
    this.#entries.delete(token);
    return undefined;
  }

  /** @param expiresAt end of the token, milliseconds since the epoch */
  add(principal: Principal, expiresAt: number, now: number): void {
    if (this.#entries.size >= MAX_ENTRIES) this.#dropOldest();
    this.#entries.set(principal.token, { principal, until: Math.min(expiresAt, now + MAX_AGE_MS) });
  }

  /** A Map iterates in the order of insertion. */
  #dropOldest(): void {
    for (const token of this.#entries.keys()) {
      this.#entries.delete(token);
      return;
    }
  }
}

import { Code } from '@connectrpc/connect';
import { retryAfter, rpcError } from '../errors/errors.ts';
import type { TokenVerifier } from './jwt.ts';

/** About 2 MB. The key that has called least lately is forgotten first, and begins with a full budget again. */
const MAX_KEYS = 10_000;
const MINUTE_MS = 60_000;

/**
 * How many calls programs make by each API key, in this process. A budget is kept as the instant at which all of it is free
 * again (GCRA).
 */
export class KeyCalls {
  readonly #free = new Map<string, number>();
  readonly #each: number;
  readonly #maxKeys: number;

  /** @param options.perMinute calls of one key; as many may come at once */
  constructor({ perMinute, maxKeys = MAX_KEYS }: { perMinute: number; maxKeys?: number }) {
    this.#each = MINUTE_MS / perMinute;
    this.#maxKeys = maxKeys;
  }

  /**
   * Counts a call of the key: 0, or the milliseconds to wait for the next one, and then it was not counted.
   *
   * @param now milliseconds since the epoch
   */
  begin(key: string, now: number): number {
    const free = Math.max(now, this.#free.get(key) ?? 0) + this.#each;
    const wait = free - now - MINUTE_MS;
    if (wait > 0) return wait;
    // A Map iterates in the order of insertion.
    this.#free.delete(key);
    this.#free.set(key, free);
    if (this.#free.size > this.#maxKeys) this.#forgetOldest();
    return 0;
  }

  #forgetOldest(): void {
    for (const key of this.#free.keys()) {
      this.#free.delete(key);
      return;
    }
  }
}

/** Takes what the other verifier takes, but of programs no more calls than their key may make: RESOURCE_EXHAUSTED then. */
export function limitingKeys(verifier: TokenVerifier, calls: Pick<KeyCalls, 'begin'>): TokenVerifier {
  return {
    async verify(token) {
      const principal = await verifier.verify(token);
      if (principal.escopos === undefined || principal.sessaoId === undefined) return principal;
      const wait = calls.begin(principal.sessaoId, Date.now());
      if (wait > 0) throw tooManyCalls(wait);
      return principal;
    },
  };
}

function tooManyCalls(wait: number) {
  const message = 'Esta chave de API fez chamadas demais. Tente novamente em instantes.';
  return retryAfter(rpcError(Code.ResourceExhausted, 'LIMITE_DE_REQUISICOES', message), wait / 1_000);
}

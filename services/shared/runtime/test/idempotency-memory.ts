import { randomUUID } from 'node:crypto';
import type {
  IdempotencyBegin,
  IdempotencyStore,
  IdempotentAttempt,
  IdempotentRequest,
  StoredReply,
} from '../src/idempotency/idempotency-store.ts';

interface Entry extends IdempotentRequest {
  readonly posse: string;
  reply?: StoredReply;
}

/** Idempotency keys in a Map, without leases. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly renewEveryMs: number = 60_000;
  readonly #entries = new Map<string, Entry>();

  async begin(request: IdempotentRequest): Promise<IdempotencyBegin> {
    const key = keyOf(request);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const posse = randomUUID();
      this.#entries.set(key, { ...request, posse });
      return { kind: 'new', posse };
    }
    if (Buffer.compare(entry.impressao, request.impressao) !== 0) return { kind: 'conflict' };
    return entry.reply ? { kind: 'replay', ...entry.reply } : { kind: 'in-progress' };
  }

  async renew(_attempt: IdempotentAttempt): Promise<void> {}

  async finish(attempt: IdempotentAttempt, reply: StoredReply): Promise<void> {
    const entry = this.#entries.get(keyOf(attempt));
    if (entry?.posse === attempt.posse) entry.reply = reply;
  }

  async abandon(attempt: IdempotentAttempt): Promise<void> {
    const key = keyOf(attempt);
    if (this.#entries.get(key)?.posse === attempt.posse) this.#entries.delete(key);
  }
}

function keyOf({ escopo, chave }: { escopo: string; chave: string }): string {
  return `${escopo} ${chave}`;
}

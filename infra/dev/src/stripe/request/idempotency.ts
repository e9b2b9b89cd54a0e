import { createHash } from 'node:crypto';
import type { IdempotencyRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { StripeApiError } from './api-error.ts';
import { canonicalForm, type FormObject } from './form.ts';

export interface StoredAnswer {
  status: number;
  body: string;
}

const KEEP_MS = 24 * 3_600_000;
const MAX_KEY = 255;

/**
 * Stripe's rule for POSTs: the first answer given after the endpoint began its work, good or bad, is
 * replayed for 24 h to the same key and parameters. Refused parameters leave the key free.
 */
export class IdempotencyKeys {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #inUse = new Set<string>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The answer to replay, or undefined after reserving the key: then `complete` or `release` must follow. */
  begin(key: string, request: { path: string; params: FormObject }): StoredAnswer | undefined {
    if (key.length > MAX_KEY) throw keyTooLong();
    if (this.#inUse.has(key)) throw keyInUse(key);
    const known = this.#live(key);
    if (known !== undefined && known.fingerprint !== fingerprintOf(request)) throw otherParameters(key);
    if (known === undefined) this.#inUse.add(key);
    return known;
  }

  complete(key: string, request: { path: string; params: FormObject }, answer: StoredAnswer): void {
    this.#inUse.delete(key);
    const record = { key, fingerprint: fingerprintOf(request), createdAt: this.#now(), ...answer };
    this.#store.put('idempotency', key, record);
  }

  release(key: string): void {
    this.#inUse.delete(key);
  }

  /** Records are in order of creation, so the scan stops at the first that is still young. */
  prune(): void {
    for (const record of this.#store.values('idempotency')) {
      if (!this.#isOld(record)) return;
      this.#store.delete('idempotency', record.key);
    }
  }

  #live(key: string): IdempotencyRecord | undefined {
    const record = this.#store.get('idempotency', key);
    if (record === undefined || !this.#isOld(record)) return record;
    this.#store.delete('idempotency', key);
    return undefined;
  }

  #isOld(record: IdempotencyRecord): boolean {
    return this.#now() - record.createdAt >= KEEP_MS;
  }
}

function fingerprintOf({ path, params }: { path: string; params: FormObject }): string {
  return createHash('sha256')
    .update(`${path}\n${canonicalForm(params)}`)
    .digest('base64url');
}

function otherParameters(key: string): StripeApiError {
  return new StripeApiError({
    status: 400,
    type: 'idempotency_error',
    message: `The key '${key}' was first used with other parameters or another endpoint; use a new key for a new request.`,
  });
}

function keyInUse(key: string): StripeApiError {
  return new StripeApiError({
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `Another request with the key '${key}' is still in progress.`,
  });
}

function keyTooLong(): StripeApiError {
  return new StripeApiError({
    status: 400,
    type: 'invalid_request_error',
    message: `Idempotency keys have at most ${MAX_KEY} characters.`,
  });
}

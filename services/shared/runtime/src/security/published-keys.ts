import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

const TIMEOUT_MS = 2_000;
/** Keys that were read so long ago are read again beside the calls, or for a call that brings an unknown key id. */
const RENEW_MS = 2_500;
/** A call waits for them when they are as old as this: a key that was withdrawn is trusted no longer. */
const MAX_AGE_MS = 5_000;
/** While the publisher cannot be reached it is not asked more often than this. */
const COOLDOWN_MS = 10_000;

/** The keys cannot be had, or may be too old to refuse one that is not among them. */
class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/**
 * The keys that auth publishes, as this process knows them: never older than {@link MAX_AGE_MS} when they are asked for,
 * as long as the publisher answers. Each process reads for itself, so a withdrawal reaches every replica, and no message
 * that tells of one can be lost. While the publisher is away the last known keys go on being used, and no call waits for
 * it after the first.
 */
export class PublishedKeys {
  /** Only read when this class says so: neither age nor an unknown key id makes it read by itself. */
  readonly #remote;
  readonly #onWithdrawn: () => void;
  #readAt = Number.NEGATIVE_INFINITY;
  #failure: { readonly cause: unknown; readonly at: number } | undefined;
  #reading: Promise<void> | undefined;

  /** @param onWithdrawn called when a key that was known is no longer published */
  constructor(url: URL, onWithdrawn: () => void) {
    this.#remote = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: Number.POSITIVE_INFINITY,
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    this.#onWithdrawn = onWithdrawn;
  }

  /** Sees to it that the keys are young enough; undefined when nothing has to be waited for. */
  freshen(): Promise<void> | undefined {
    const now = performance.now();
    const age = now - this.#readAt;
    const known = this.#remote.jwks() !== undefined;
    if (known && (age < RENEW_MS || (this.#failure && now - this.#failure.at < COOLDOWN_MS)))
      return undefined;
    const mayWait = !known || (age >= MAX_AGE_MS && this.#failure === undefined);
    const reading = this.#read();
    return mayWait ? reading : undefined;
  }

  /** The key of a token; an unknown key id waits for the reading that is under way. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    try {
      return await this.#known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#reading;
      // Not finding it among stale ones proves nothing: it may be a new key that could not be fetched.
      if (this.#failure) throw unavailable(this.#failure.cause);
      return this.#known(header, token);
    }
  };

  #known(...[header, token]: Parameters<JWTVerifyGetKey>): ReturnType<JWTVerifyGetKey> {
    if (this.#remote.jwks() === undefined) throw unavailable(this.#failure?.cause);
    return this.#remote(header, token);
  }

  /** One at a time; a failure is remembered, not thrown. */
  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const at = performance.now();
    const before = this.#kids();
    try {
      await this.#remote.reload();
    } catch (cause) {
      this.#failure = { cause, at };
      return;
    }
    this.#failure = undefined;
    this.#readAt = at;
    const after = this.#kids();
    if (before.some((kid) => !after.includes(kid))) this.#onWithdrawn();
  }

  #kids(): readonly unknown[] {
    return this.#remote.jwks()?.keys.map(({ kid }) => kid) ?? [];
  }
}

const unavailable = (cause: unknown) =>
  new KeysUnavailableError('the keys that sign tokens cannot be fetched', { cause });

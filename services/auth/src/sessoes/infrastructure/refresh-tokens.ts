import {
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** `<session>.<256 random bits>.<128 bits of HMAC>`; tokens from before there was an HMAC go on without it. */
const TOKEN = /^(([0-9a-f-]{36})\.[\w-]{43})(?:\.([\w-]{22}))?$/;
const TAG_BYTES = 16;

/**
 * Makes and recognises refresh tokens. Each carries a proof that it was made here: a session knows the digests of its
 * current token and of the one before only, and of any other text one has to tell whether it is an old token, which
 * was copied, or made up by a stranger who has seen the session's name.
 */
export class RefreshTokens {
  readonly #rotationKey: KeyObject;
  readonly #originKey: KeyObject;

  /** @param keys 32 bytes each. */
  constructor(keys: { rotation: Buffer; origin: Buffer }) {
    this.#rotationKey = createSecretKey(keys.rotation);
    this.#originKey = createSecretKey(keys.origin);
  }

  first(sessaoId: string): string {
    return this.#signed(`${sessaoId}.${randomBytes(32).toString('base64url')}`);
  }

  /**
   * Computed from the token, so that concurrent rotations of one token agree on the next without anything secret being
   * stored.
   */
  successor(token: string): string {
    const sessaoId = this.sessionOf(token);
    return this.#signed(
      `${sessaoId}.${createHmac('sha256', this.#rotationKey).update(token).digest('base64url')}`,
    );
  }

  /** The session that the text names, genuine or not; undefined when it names none. */
  sessionOf(token: string): string | undefined {
    return TOKEN.exec(token)?.[2];
  }

  /** Whether the token was made here. */
  isGenuine(token: string): boolean {
    const [, body, , tag] = TOKEN.exec(token) ?? [];
    return (
      body !== undefined &&
      tag !== undefined &&
      timingSafeEqual(Buffer.from(tag), Buffer.from(this.#tag(body)))
    );
  }

  /** What is stored of a token. */
  digest(token: string): string {
    return createHash('sha256').update(token).digest('base64url');
  }

  #signed(body: string): string {
    return `${body}.${this.#tag(body)}`;
  }

  #tag(body: string): string {
    return createHmac('sha256', this.#originKey)
      .update(body)
      .digest()
      .subarray(0, TAG_BYTES)
      .toString('base64url');
  }
}

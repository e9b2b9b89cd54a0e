import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a token is good for; another list, filter or caller cannot use it. */
export interface PageScope {
  /** `package.Service/Method`. */
  readonly list: string;
  /** The request without its page, serialized. */
  readonly filter: Uint8Array;
  readonly caller: string;
}

/** Longest token that is made; the contracts say the same. */
export const MAX_PAGE_TOKEN_LENGTH = 1_024;

const VERSION = 1;
const MAC_BYTES = 16;
const HEADER_BYTES = 1 + MAC_BYTES;

/**
 * Positions of lists as tokens for callers: version, MAC and position in base64url. A position says where the caller's
 * last row stands and is no secret; the MAC sees to it that only what a list itself has given comes back to it.
 */
export class PageTokens {
  readonly #keys: readonly [Buffer, ...Buffer[]];

  /**
   * @param keys the first one signs, all are taken: a new one goes in front, an old one leaves when its tokens may end
   * @param service each service has keys of its own, derived from the given ones
   */
  constructor(keys: readonly Uint8Array[], service: string) {
    const [current, ...older] = keys.map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', `page-tokens/${service}`, 32)),
    );
    if (!current) throw new Error('page tokens need a key');
    this.#keys = [current, ...older];
  }

  /** @param position as the handler gave it */
  seal(position: string, scope: PageScope): string {
    const token = Buffer.concat([
      Buffer.of(VERSION),
      macOf(this.#keys[0], position, scope),
      Buffer.from(position),
    ]).toString('base64url');
    if (token.length > MAX_PAGE_TOKEN_LENGTH) throw new Error(`a position of ${scope.list} is too long`);
    return token;
  }

  /** The position in a token; undefined for one that was not given for this very scope. */
  open(token: string, scope: PageScope): string | undefined {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length <= HEADER_BYTES || bytes[0] !== VERSION) return undefined;
    // Decoding passes over what is no base64url, and over bits of the last character that say nothing: one position has one
    // token.
    if (bytes.toString('base64url') !== token) return undefined;
    const position = bytes.toString('utf8', HEADER_BYTES);
    const mac = bytes.subarray(1, HEADER_BYTES);
    const given = this.#keys.some((key) => timingSafeEqual(mac, macOf(key, position, scope)));
    return given ? position : undefined;
  }
}

/** Each part with its length in front, so that no two scopes are the same bytes. */
function macOf(key: Buffer, position: string, { list, filter, caller }: PageScope): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of [
    Buffer.of(VERSION),
    Buffer.from(list),
    filter,
    Buffer.from(caller),
    Buffer.from(position),
  ]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hmac.update(length).update(part);
  }
  return hmac.digest().subarray(0, MAC_BYTES);
}

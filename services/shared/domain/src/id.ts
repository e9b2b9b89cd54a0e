import { createHmac, type KeyObject } from 'node:crypto';

/** Gives out identities such as `res_a3Bx9Q0z`. */
export interface IdGenerator {
  /**
   * The next identity with this prefix. Never given before, except after a loss of the counter, which the unique key
   * of the table then catches.
   */
  next(prefix: string): Promise<string>;
}

/** Thrown by what stores a row under a new identity that is taken: the counter was lost and has come by here before. */
export class IdRepetidoError extends Error {
  override readonly name = 'IdRepetidoError';
}

/** So many in a row are not taken because a counter went back: more is amiss. */
const MAX_ATTEMPTS = 5;

/**
 * Does `work` with a new identity, and again with the next one while that turns out to be taken. It is fetched before
 * the work: no transaction waits for the network.
 *
 * @param work stores something under the identity; rejects with {@link IdRepetidoError} and leaves nothing behind when it
 * is taken
 * @throws IdRepetidoError of the fifth identity that is taken; what `work` and `ids` reject with
 */
export function withNewId<T>(ids: IdGenerator, prefix: string, work: (id: string) => Promise<T>): Promise<T> {
  return withNewIds(ids, prefix, 1, ([id]) => work(id as string));
}

/** {@link withNewId} of several identities at once: when one is taken, all are new. */
export async function withNewIds<T>(
  ids: IdGenerator,
  prefix: string,
  count: number,
  work: (ids: readonly string[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const fetched: string[] = [];
    while (fetched.length < count) fetched.push(await ids.next(prefix));
    try {
      return await work(fetched);
    } catch (error) {
      if (!(error instanceof IdRepetidoError) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** The secret of the permutation. */
export type IdKey = Buffer | KeyObject;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(ALPHABET.length);
const LENGTH = 8;
const HALF_BITS = 21n;
const HALF_MASK = (1n << HALF_BITS) - 1n;
const ROUNDS = 6;

/** Counters from 0 to 2^42 - 1 have an identity; 62^8 is a little more than 2^47, so eight characters hold them all. */
export const MAX_COUNTER = (1n << (HALF_BITS * 2n)) - 1n;

/**
 * Turns a counter into an identity that does not tell how many came before it: a keyed permutation of 42 bits (balanced
 * Feistel network, six rounds of HMAC-SHA-256; Luby and Rackoff, 1988), written as eight Base62 characters.
 *
 * The permutation hides the counter; it does not guard anything. Access is checked on every call whatever the id.
 *
 * @param key at least 16 bytes, the same for ever: another key gives the same counter another identity. As a `KeyObject`
 * it is not made ready anew for each identity.
 * @throws RangeError on a counter out of range, a short key or a malformed prefix.
 */
export function encodeId(prefix: string, counter: bigint, key: IdKey): string {
  if (counter < 0n || counter > MAX_COUNTER) throw new RangeError(`counter ${counter} is out of range`);
  if (bytesOf(key) < 16) throw new RangeError('the id key needs at least 16 bytes');
  if (!/^[a-z]{2,5}$/.test(prefix)) throw new RangeError(`"${prefix}" is not an id prefix`);
  return `${prefix}_${toBase62(permute(counter, prefix, key))}`;
}

/**
 * The counter behind an identity; the inverse of {@link encodeId}, needed to find how far the counter has come.
 *
 * @throws RangeError when `id` was not made with this prefix and key length.
 */
export function decodeId(prefix: string, id: string, key: IdKey): bigint {
  const match = id.startsWith(`${prefix}_`) ? /^[0-9A-Za-z]{8}$/.exec(id.slice(prefix.length + 1)) : null;
  const permuted = match ? fromBase62(match[0]) : MAX_COUNTER + 1n;
  if (permuted > MAX_COUNTER) throw new RangeError(`"${id}" is not an identity with prefix "${prefix}"`);
  return unpermute(permuted, prefix, key);
}

function bytesOf(key: IdKey): number {
  return Buffer.isBuffer(key) ? key.length : (key.symmetricKeySize ?? 0);
}

function permute(value: bigint, prefix: string, key: IdKey): bigint {
  let left = value >> HALF_BITS;
  let right = value & HALF_MASK;
  for (let round = 0; round < ROUNDS; round++) {
    [left, right] = [right, left ^ roundFunction(right, round, prefix, key)];
  }
  return (left << HALF_BITS) | right;
}

function unpermute(value: bigint, prefix: string, key: IdKey): bigint {
  let left = value >> HALF_BITS;
  let right = value & HALF_MASK;
  for (let round = ROUNDS - 1; round >= 0; round--) {
    [left, right] = [right ^ roundFunction(left, round, prefix, key), left];
  }
  return (left << HALF_BITS) | right;
}

function roundFunction(half: bigint, round: number, prefix: string, key: IdKey): bigint {
  const digest = createHmac('sha256', key).update(`${prefix}:${round}:${half}`).digest();
  return BigInt(digest.readUInt32BE(0)) & HALF_MASK;
}

function toBase62(value: bigint): string {
  let text = '';
  for (let rest = value; text.length < LENGTH; rest /= BASE) text = ALPHABET[Number(rest % BASE)] + text;
  return text;
}

function fromBase62(text: string): bigint {
  let value = 0n;
  for (const character of text) value = value * BASE + BigInt(ALPHABET.indexOf(character));
  return value;
}

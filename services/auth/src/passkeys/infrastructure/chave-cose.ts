import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';

const ES256 = -7;
const EDDSA = -8;
const RS256 = -257;

/** What passkeys may sign with, the best first (IANA COSE Algorithms). */
export const ALGORITHMS: readonly number[] = [EDDSA, ES256, RS256];

/** Labels of RFC 9052 and 9053. Those of a key type stand for other things in another one. */
const KTY = 1;
const ALG = 3;
const FIRST = -1;
const SECOND = -2;
const THIRD = -3;

const P256 = 1;
const ED25519 = 6;
const COORDINATE_BYTES = 32;
const MODULUS_BYTES = [256, 512] as const;
const EXPONENT = Buffer.from([1, 0, 1]);

/**
 * Whether a key is of the size and kind that its algorithm says, and nothing dear to verify with: a modulus or an exponent
 * of a size of one's own choice would make every later login as slow as one likes.
 */
export function isPlainKey(key: Uint8Array): boolean {
  // The library's type names the labels that it knows.
  const map: ReadonlyMap<number, unknown> = decodeCredentialPublicKey(new Uint8Array(key)) as never;
  const [first, second, third] = [FIRST, SECOND, THIRD].map((label) => map.get(label));
  switch (map.get(ALG)) {
    case ES256:
      return map.get(KTY) === 2 && first === P256 && [second, third].every(isCoordinate);
    case EDDSA:
      return map.get(KTY) === 1 && first === ED25519 && isCoordinate(second);
    case RS256:
      return map.get(KTY) === 3 && isModulus(first) && isBytes(second) && EXPONENT.equals(second);
    default:
      return false;
  }
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isCoordinate(value: unknown): boolean {
  return isBytes(value) && value.length === COORDINATE_BYTES;
}

function isModulus(value: unknown): boolean {
  const [least, most] = MODULUS_BYTES;
  return isBytes(value) && value.length >= least && value.length <= most;
}

/** RFC 4648, 6: what authenticator apps take. */
export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const BITS = 5;

/** Five bits a character of the alphabet; the number of bits of `bytes` has to be a multiple of five. */
export function base32(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) text += alphabet[(value >>> (bits - BITS)) & 31];
    value &= (1 << bits) - 1;
  }
  return text;
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SegredoNovo, Segredos } from '../application/ports.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(ALPHABET.length);
const ID_LENGTH = 12;
/** 190 bits. */
const SECRET_LENGTH = 32;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
const SEED_BYTES = 32;

const ID = /^chv_[0-9A-Za-z]{12}$/;
const KEY = /^plat_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/;

/** Of no key: what is compared when there is none to compare with. */
const NONE = Buffer.alloc(32);

/**
 * Secrets look like `plat_<12 of the identity>_<32 random><6 of a checksum>`, all Base62: programs that look for lost secrets find
 * them by that, and by the CRC-32 of what stands before it tell them from what only looks alike.
 *
 * They come from a random seed and a key of this installation. The database knows a digest (190 bits cannot be guessed: a slow
 * hash would only cost us) and, as long as the call that made them may be repeated, the seed: neither it nor the key tells one.
 */
export class SegredosDeChaves implements Segredos {
  readonly #key: Buffer;

  /** @param key 32 bytes, for nothing else */
  constructor(key: Buffer) {
    this.#key = key;
  }

  novaId(): string {
    return `chv_${base62(randomBytes(16), ID_LENGTH)}`;
  }

  novo(chaveId: string): SegredoNovo {
    const semente = randomBytes(SEED_BYTES).toString('base64url');
    return { semente, segredo: this.deSemente(chaveId, semente) };
  }

  deSemente(chaveId: string, semente: string): string {
    const digest = createHmac('sha256', this.#key).update(`${chaveId}.${semente}`).digest();
    const text = `${this.prefixo(chaveId)}_${base62(digest, SECRET_LENGTH)}`;
    return text + checksumOf(text);
  }

  prefixo(chaveId: string): string {
    return `plat_${chaveId.slice(-ID_LENGTH)}`;
  }

  impressao(segredo: string): Buffer {
    return createHash('sha256').update(segredo).digest();
  }

  confere(segredo: string, impressoes: readonly Buffer[]): boolean {
    const brought = this.impressao(segredo);
    // Two comparisons whatever there is: how long it takes tells nothing of the key.
    const [first = NONE, second = NONE] = impressoes;
    const isFirst = timingSafeEqual(brought, first);
    const isSecond = timingSafeEqual(brought, second);
    return isFirst || isSecond;
  }
}

/** Whether a text can be the identity of a key. */
export function pareceId(text: string): boolean {
  return ID.test(text);
}

/** Whether a text can be the secret of a key: a mistyped one is none. */
export function pareceSegredo(text: string): boolean {
  return KEY.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, CHECKSUM_LENGTH);
}

/** The last digits of the number that the bytes are. Those of 16 bytes and more are as good as evenly distributed. */
function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; text.length < length; rest /= BASE) text = ALPHABET[Number(rest % BASE)] + text;
  return text;
}

import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { CodigosDeRecuperacao } from '../application/ports.ts';
import { BYTES_DE_RECUPERACAO, codigoDeRecuperacao } from '../domain/codigo.ts';

const CODES = 10;
const SEED_BYTES = 32;

/**
 * Codes come from a random seed and the key. The database knows hashes of them (120 bits cannot be guessed, so plain ones)
 * and, as long as the call that made them may be repeated, the seed: neither it nor the key alone tells a code.
 */
export class SeededRecoveryCodes implements CodigosDeRecuperacao {
  readonly #key: Buffer;

  /** @param key 32 bytes, for nothing else. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  novos(): { semente: string; codigos: readonly string[] } {
    const semente = randomBytes(SEED_BYTES).toString('base64url');
    return { semente, codigos: this.deSemente(semente) };
  }

  deSemente(semente: string): readonly string[] {
    return Array.from({ length: CODES }, (_, n) => {
      const bytes = createHmac('sha256', this.#key).update(`${semente}.${n}`).digest();
      return codigoDeRecuperacao(bytes.subarray(0, BYTES_DE_RECUPERACAO));
    });
  }

  impressao(codigo: string): Buffer {
    return createHash('sha256').update(codigo).digest();
  }
}

import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokensDeCalendario } from '../../application/calendarios.ts';

const SEGREDO_BYTES = 32;
const ASSINATURA_BYTES = 16;

/** 48 bytes in base64url. */
const FORMA = /^[\w-]{64}$/;

/**
 * A token is 256 random bits and their signature. The signature refuses what was not made here without a look into
 * the database; the database knows only a hash of the random part, so that neither it nor the key alone opens a feed.
 */
export class TokensAssinados implements TokensDeCalendario {
  readonly #chave: Buffer;

  /** @param chaveMestra at least 16 bytes; the key of these signatures is derived from it and serves nothing else. */
  constructor(chaveMestra: Buffer) {
    this.#chave = Buffer.from(hkdfSync('sha256', chaveMestra, '', 'reservas/calendarios/v1', 32));
  }

  novo(): { token: string; impressao: Buffer } {
    const segredo = randomBytes(SEGREDO_BYTES);
    const token = Buffer.concat([segredo, this.#assinatura(segredo)]).toString('base64url');
    return { token, impressao: impressaoDe(segredo) };
  }

  impressao(token: string): Buffer | undefined {
    if (!FORMA.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const segredo = bytes.subarray(0, SEGREDO_BYTES);
    const assinada = timingSafeEqual(bytes.subarray(SEGREDO_BYTES), this.#assinatura(segredo));
    return assinada ? impressaoDe(segredo) : undefined;
  }

  #assinatura(segredo: Buffer): Buffer {
    return createHmac('sha256', this.#chave).update(segredo).digest().subarray(0, ASSINATURA_BYTES);
  }
}

function impressaoDe(segredo: Buffer): Buffer {
  return createHash('sha256').update(segredo).digest();
}

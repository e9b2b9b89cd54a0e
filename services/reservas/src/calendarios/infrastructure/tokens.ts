import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokensDeCalendario } from '../application/ports.ts';

const SEGREDO_BYTES = 32;
const ASSINATURA_BYTES = 16;

/** 48 bytes in base64url. */
const FORMA = /^[\w-]{64}$/;

/**
 * A token is 256 random bits and their signature. The signature refuses what was not made here without a look into
 * the database; the database knows only a hash of the random part, so that neither it nor the key alone opens a feed.
 */
export class TokensAssinados implements TokensDeCalendario {
  readonly #chaves: readonly [Buffer, ...Buffer[]];

  /**
   * @param chaves at least 16 bytes each; the keys of these signatures are derived from them and serve nothing else. The
   * first one signs, all are taken: a new one goes in front, and the feeds of an old one live as long as it stays.
   */
  constructor(chaves: readonly Buffer[]) {
    const [atual, ...anteriores] = chaves.map((chave) =>
      Buffer.from(hkdfSync('sha256', chave, '', 'reservas/calendarios/v1', 32)),
    );
    if (!atual) throw new Error('calendar tokens need a key');
    this.#chaves = [atual, ...anteriores];
  }

  novo(): { token: string; impressao: Buffer } {
    const segredo = randomBytes(SEGREDO_BYTES);
    const token = Buffer.concat([segredo, assinaturaDe(segredo, this.#chaves[0])]).toString('base64url');
    return { token, impressao: impressaoDe(segredo) };
  }

  impressao(token: string): Buffer | undefined {
    if (!FORMA.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const segredo = bytes.subarray(0, SEGREDO_BYTES);
    const assinatura = bytes.subarray(SEGREDO_BYTES);
    const assinada = this.#chaves.some((chave) => timingSafeEqual(assinatura, assinaturaDe(segredo, chave)));
    return assinada ? impressaoDe(segredo) : undefined;
  }
}

function assinaturaDe(segredo: Buffer, chave: Buffer): Buffer {
  return createHmac('sha256', chave).update(segredo).digest().subarray(0, ASSINATURA_BYTES);
}

function impressaoDe(segredo: Buffer): Buffer {
  return createHash('sha256').update(segredo).digest();
}

import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenDeCalendario, TokensDeCalendario } from '../application/ports.ts';

const SEMENTE_BYTES = 32;
const SEGREDO_BYTES = 32;
const ASSINATURA_BYTES = 16;

/** 48 bytes in base64url. */
const FORMA = /^[\w-]{64}$/;

/**
 * A token is a secret of 256 bits and its signature. The signature refuses what was not made here without a look into
 * the database. The secret comes from a random seed and the key, and the database knows no more than a hash of it and, as
 * long as the call may be repeated, the seed: neither the database nor the key alone opens a feed.
 */
export class TokensAssinados implements TokensDeCalendario {
  readonly #chaves: readonly [Chaves, ...Chaves[]];

  /**
   * @param chaves at least 16 bytes each; the keys of these signatures are derived from them and serve nothing else. The
   * first one signs, all are taken: a new one goes in front, and the feeds of an old one live as long as it stays.
   */
  constructor(chaves: readonly Buffer[]) {
    const [atual, ...anteriores] = chaves.map((chave) => ({
      assinatura: derivada(chave, 'reservas/calendarios/v1'),
      segredo: derivada(chave, 'reservas/calendarios/segredo/v1'),
    }));
    if (!atual) throw new Error('calendar tokens need a key');
    this.#chaves = [atual, ...anteriores];
  }

  novo(): TokenDeCalendario & { semente: string } {
    const semente = randomBytes(SEMENTE_BYTES).toString('base64url');
    return { ...tokenDe(semente, this.#chaves[0]), semente };
  }

  deSemente(semente: string): TokenDeCalendario[] {
    return this.#chaves.map((chaves) => tokenDe(semente, chaves));
  }

  impressao(token: string): Buffer | undefined {
    if (!FORMA.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const segredo = bytes.subarray(0, SEGREDO_BYTES);
    const assinatura = bytes.subarray(SEGREDO_BYTES);
    const assinada = this.#chaves.some((chaves) =>
      timingSafeEqual(assinatura, assinaturaDe(segredo, chaves.assinatura)),
    );
    return assinada ? impressaoDe(segredo) : undefined;
  }
}

interface Chaves {
  readonly assinatura: Buffer;
  readonly segredo: Buffer;
}

function derivada(chave: Buffer, uso: string): Buffer {
  return Buffer.from(hkdfSync('sha256', chave, '', uso, 32));
}

function tokenDe(semente: string, chaves: Chaves): TokenDeCalendario {
  const segredo = createHmac('sha256', chaves.segredo).update(semente).digest();
  const token = Buffer.concat([segredo, assinaturaDe(segredo, chaves.assinatura)]).toString('base64url');
  return { token, impressao: impressaoDe(segredo) };
}

function assinaturaDe(segredo: Buffer, chave: Buffer): Buffer {
  return createHmac('sha256', chave).update(segredo).digest().subarray(0, ASSINATURA_BYTES);
}

function impressaoDe(segredo: Buffer): Buffer {
  return createHash('sha256').update(segredo).digest();
}

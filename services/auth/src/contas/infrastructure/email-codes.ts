import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CodigosDeEmail } from '../application/ports.ts';

const VALID_SECONDS = 7 * 24 * 3600;
const CODE = /^(cli_[0-9A-Za-z]{1,32})\.([0-9a-z]{1,9})\.[\w-]{43}$/;

interface Conta {
  readonly usuarioId: string;
  readonly email: string;
}

/**
 * `<account>.<end>.<HMAC>`: a code proves itself, nothing is stored. The address is under the HMAC, so the code is void
 * once the account has another one.
 */
export class SignedEmailCodes implements CodigosDeEmail {
  readonly #key: Buffer;

  /** @param key 32 bytes. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  emitir(conta: Conta, em: Date): string {
    return this.#code(conta, (Math.floor(em.getTime() / 1000) + VALID_SECONDS).toString(36));
  }

  conta(codigo: string): string | undefined {
    return CODE.exec(codigo)?.[1];
  }

  confere(codigo: string, conta: Conta, em: Date): boolean {
    const end = CODE.exec(codigo)?.[2];
    if (end === undefined || Number.parseInt(end, 36) * 1000 <= em.getTime()) return false;
    const expected = Buffer.from(this.#code(conta, end));
    const given = Buffer.from(codigo);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #code({ usuarioId, email }: Conta, end: string): string {
    const body = `${usuarioId}.${end}`;
    return `${body}.${createHmac('sha256', this.#key).update(`${body}\0${email}`).digest('base64url')}`;
  }
}

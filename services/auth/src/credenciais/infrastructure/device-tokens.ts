import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { Devices } from '../application/ports.ts';
import { type Aparelho, CONHECIDO_SECONDS, type DonoDeAparelho } from '../domain/aparelho.ts';

const TOKEN = /^([\w-]{16})\.([0-9a-z]{1,9})\.([0-9a-z]{7})\.[\w-]{43}$/;
const NAME_BYTES = 12;
const OWNER_LETTERS = 7;

/**
 * `<device>.<end>.<owner>.<HMAC>`: a token proves itself, nothing is stored. The address of the account is under the HMAC and
 * not in the token, so it is good for no other address and tells nobody whose it is. Which account that was, and with which
 * password, is in it, so that nobody has to be looked up for a token that somebody has made up.
 */
export class SignedDeviceTokens implements Devices {
  readonly #key: Buffer;
  readonly #clock: Clock;

  /** @param options.key 32 bytes. */
  constructor(options: { key: Buffer; clock: Clock }) {
    this.#key = options.key;
    this.#clock = options.clock;
  }

  issue(
    conta: DonoDeAparelho & { readonly email: string },
    aparelho = randomBytes(NAME_BYTES).toString('base64url'),
  ): string {
    const end = (this.#now() + CONHECIDO_SECONDS).toString(36);
    return this.#token(`${aparelho}.${end}.${this.dono(conta)}`, conta.email);
  }

  dono({ id, geracaoSenha }: DonoDeAparelho): string {
    const digest = createHash('sha256').update(`${id}\0${geracaoSenha}`).digest();
    return digest.readUIntBE(0, 6).toString(36).padStart(OWNER_LETTERS, '0').slice(-OWNER_LETTERS);
  }

  recognise(token: string | undefined, email: string): Aparelho | undefined {
    const [, nome, end, dono] = TOKEN.exec(token ?? '') ?? [];
    if (nome === undefined || end === undefined || dono === undefined) return undefined;
    if (Number.parseInt(end, 36) <= this.#now()) return undefined;
    const expected = Buffer.from(this.#token(`${nome}.${end}.${dono}`, email));
    if (!timingSafeEqual(Buffer.from(token ?? ''), expected)) return undefined;
    return { nome, dono };
  }

  #token(body: string, email: string): string {
    return `${body}.${createHmac('sha256', this.#key).update(`${body}\0${email}`).digest('base64url')}`;
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1_000);
  }
}

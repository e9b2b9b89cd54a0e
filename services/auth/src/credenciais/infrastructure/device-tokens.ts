import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { Devices } from '../application/ports.ts';
import { type Aparelho, CONHECIDO_SECONDS } from '../domain/aparelho.ts';

const TOKEN = /^([\w-]{16})\.([0-9a-z]{1,9})\.([0-9a-z]{1,7})\.[\w-]{43}$/;
const NAME_BYTES = 12;

/**
 * `<device>.<end>.<password>.<HMAC>`: a token proves itself, nothing is stored. The address of the account is under the HMAC and
 * not in the token, so it is good for no other account and tells nobody whose it is. The generation of the password is in it, so
 * that nobody has to be looked up for a token that somebody has made up.
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
    { email, geracaoSenha }: { readonly email: string; readonly geracaoSenha: number },
    aparelho = randomBytes(NAME_BYTES).toString('base64url'),
  ): string {
    const end = (this.#now() + CONHECIDO_SECONDS).toString(36);
    return this.#token(`${aparelho}.${end}.${geracaoSenha.toString(36)}`, email);
  }

  recognise(token: string | undefined, email: string): Aparelho | undefined {
    const [, nome, end, geracao] = TOKEN.exec(token ?? '') ?? [];
    if (nome === undefined || end === undefined || geracao === undefined) return undefined;
    if (Number.parseInt(end, 36) <= this.#now()) return undefined;
    const expected = Buffer.from(this.#token(`${nome}.${end}.${geracao}`, email));
    if (!timingSafeEqual(Buffer.from(token ?? ''), expected)) return undefined;
    return { nome, geracao: Number.parseInt(geracao, 36) };
  }

  #token(body: string, email: string): string {
    return `${body}.${createHmac('sha256', this.#key).update(`${body}\0${email}`).digest('base64url')}`;
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1_000);
  }
}

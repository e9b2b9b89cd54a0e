import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { Devices } from '../application/ports.ts';
import { CONHECIDO_SECONDS } from '../domain/aparelho.ts';

const TOKEN = /^([\w-]{16})\.([0-9a-z]{1,9})\.[\w-]{43}$/;
const NAME_BYTES = 12;

/**
 * `<device>.<end>.<HMAC>`: a token proves itself, nothing is stored. The address of the account is under the HMAC and not in the
 * token, so it is good for no other account and tells nobody whose it is.
 */
export class SignedDeviceTokens implements Devices {
  readonly #key: Buffer;
  readonly #clock: Clock;

  /** @param options.key 32 bytes. */
  constructor(options: { key: Buffer; clock: Clock }) {
    this.#key = options.key;
    this.#clock = options.clock;
  }

  issue(email: string, aparelho = randomBytes(NAME_BYTES).toString('base64url')): string {
    const end = (this.#now() + CONHECIDO_SECONDS).toString(36);
    return `${aparelho}.${end}.${this.#tag(email, aparelho, end)}`;
  }

  recognise(token: string, email: string): string | undefined {
    const [, aparelho, end] = TOKEN.exec(token) ?? [];
    if (aparelho === undefined || end === undefined || Number.parseInt(end, 36) <= this.#now())
      return undefined;
    const expected = Buffer.from(`${aparelho}.${end}.${this.#tag(email, aparelho, end)}`);
    return timingSafeEqual(Buffer.from(token), expected) ? aparelho : undefined;
  }

  #tag(email: string, aparelho: string, end: string): string {
    return createHmac('sha256', this.#key).update(`${aparelho}.${end}\0${email}`).digest('base64url');
  }

  #now(): number {
    return Math.floor(this.#clock.now().getTime() / 1_000);
  }
}

import { createHmac } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';

const STEP_MS = 30_000;

/** RFC 4226, 5.3, written down from the text: the last six of the decimal digits. */
export function hotp(secret: Buffer, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(message).digest();
  const truncated = mac.readUInt32BE((mac.at(-1) ?? 0) % 16) % 2 ** 31;
  return String(truncated % 1_000_000).padStart(6, '0');
}

/** RFC 4648, 6. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** A telephone that was given the secret of a set-up (RFC 6238), and has the time of the service. */
export class Authenticator {
  readonly #secret: Buffer;
  readonly #clock: Clock;

  constructor(segredo: string, clock: Clock) {
    this.#secret = fromBase32(segredo);
    this.#clock = clock;
  }

  /** What it shows, or has shown so many steps ago. */
  code(stepsAgo = 0): string {
    return hotp(this.#secret, Math.floor(this.#clock.now().getTime() / STEP_MS) - stepsAgo);
  }

  /** Six digits that it does not show about now. */
  wrong(): string {
    const near = [-2, -1, 0, 1, 2].map((steps) => this.code(steps));
    return (
      ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? ''
    );
  }
}

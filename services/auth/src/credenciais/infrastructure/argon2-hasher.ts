import { hash, verify } from 'argon2';
import type { PasswordHasher } from '../application/ports.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Each hash takes 19 MiB and a thread of libuv's pool for some 40 ms. More at once than there are threads would only
 * make every login slower, so the others wait; past the limits a caller is told to come back. The wait ends well before
 * the deadline of a call.
 */
const LIMITS = { atOnce: 4, waiting: 200, waitMs: 6_000 };

/** Passwords under argon2id, in the PHC string format. */
export class Argon2Hasher implements PasswordHasher {
  readonly #queue = new BoundedQueue(LIMITS);
  /** Hash of what cannot be typed: no password fits, and an unknown e-mail takes as long as a wrong one. */
  readonly #dummy = hash(crypto.getRandomValues(Buffer.alloc(32)), PARAMETERS);

  async hash(senha: string, quem: string): Promise<string> {
    return this.#queue.run(quem, () => hash(senha.normalize('NFC'), PARAMETERS));
  }

  async verify(stored: string | undefined, senha: string, quem: string): Promise<boolean> {
    const reference = stored ?? (await this.#dummy);
    return this.#queue.run(quem, () => verify(reference, senha.normalize('NFC')));
  }
}

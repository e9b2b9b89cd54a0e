import { hash, verify } from 'argon2';
import type { PasswordHasher } from '../application/ports.ts';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Each hash takes 19 MiB and a thread of libuv's pool for some 40 ms. More at once than there are threads would only
 * make every login slower, so the others wait; past the limit a caller is told to come back.
 */
const MAX_AT_ONCE = 4;
const MAX_WAITING = 200;

/** So many passwords are being checked that another one would have to wait too long. */
class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';
  /** Read by the runtime's error mapping: answers UNAVAILABLE. */
  readonly code = 'ESEMLOCKED';
}

/** Passwords under argon2id, in the PHC string format. */
export class Argon2Hasher implements PasswordHasher {
  #running = 0;
  readonly #waiting: Array<() => void> = [];
  /** Hash of nothing anybody can type, so that an unknown e-mail takes as long as a wrong password. */
  readonly #dummy = hash(crypto.getRandomValues(Buffer.alloc(32)), PARAMETERS);

  async hash(senha: string): Promise<string> {
    return this.#limited(() => hash(senha.normalize('NFC'), PARAMETERS));
  }

  async verify(stored: string | undefined, senha: string): Promise<boolean> {
    const reference = stored ?? (await this.#dummy);
    const matches = await this.#limited(() => verify(reference, senha.normalize('NFC')));
    return matches && stored !== undefined;
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_AT_ONCE) await this.#turn();
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Waits for a finished hash to hand over its place. */
  #turn(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING)
      throw new HasherBusyError('too many passwords are being checked');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { callTime } from '@plataforma/runtime/call-time';
import { hash, needsRehash, verify } from 'argon2';
import type { PasswordHasher, Turno } from '../application/ports.ts';
import { normalizarSenha } from '../domain/senha.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane, at least. */
export const LEAST = { memoryKiB: 19_456, passes: 2 } as const;

/** Of libuv, which computes hashes on them and signs and verifies tokens, too; four unless it is told otherwise. */
const POOL_THREADS = Number(process.env.UV_THREADPOOL_SIZE) || 4;

/**
 * Each hash takes 19 MiB, a thread of libuv's pool and a processor for some 40 ms. One of each is left to everything else:
 * when logins had them all, a call that had to sign a token waited behind hashes, and every call for a processor.
 */
export const HASHES_AT_ONCE = Math.max(1, Math.min(availableParallelism(), POOL_THREADS) - 1);

/** Those that find no place wait; past the limits a caller is told to come back. */
const LIMITS = { atOnce: HASHES_AT_ONCE, waiting: 200, waitMs: 6_000 };

/** Part of the time of a call in which its last turn has to come, however often it waits: well before its deadline. */
const PART_FOR_TURNS = 0.7;

const PEPPER_NAME_BYTES = 8;

/** How passwords are hashed from now on. */
export interface HashOptions {
  readonly memoryKiB: number;
  readonly passes: number;
  /** Secrets beside the database, each 32 bytes at least. The first one is used from now on, the others are for hashes of before. */
  readonly peppers: readonly Buffer[];
}

/**
 * Passwords under argon2id, in the PHC string format. A pepper is its secret input (RFC 9106, 3.1); the string names which one,
 * by a digest, in its associated data.
 */
export class Argon2Hasher implements PasswordHasher {
  readonly #queue = new BoundedQueue(LIMITS);
  readonly #parameters: { readonly memoryCost: number; readonly timeCost: number; readonly parallelism: 1 };
  readonly #peppers: ReadonlyMap<string, Buffer>;
  readonly #pepper: string | undefined;
  /** Hash of what cannot be typed: no password fits, and an unknown e-mail takes as long as a wrong one. */
  readonly #dummy: Promise<string>;

  readonly #turno: Turno = {
    hash: (senha) => this.#hash(normalizarSenha(senha)),
    // A hash of before passwords were normalised as they are now is tried as it was made.
    verify: async (stored, senha) => {
      const reference = stored ?? (await this.#dummy);
      const now = normalizarSenha(senha);
      const before = senha.normalize('NFC');
      return (await this.#verify(reference, now)) || (before !== now && this.#verify(reference, before));
    },
  };

  constructor({ memoryKiB, passes, peppers }: HashOptions = { ...LEAST, peppers: [] }) {
    this.#parameters = { memoryCost: memoryKiB, timeCost: passes, parallelism: 1 };
    this.#peppers = new Map(peppers.map((pepper) => [nameOf(pepper), pepper]));
    this.#pepper = peppers[0] && nameOf(peppers[0]);
    this.#dummy = this.#hash(crypto.getRandomValues(Buffer.alloc(32)));
  }

  hash(senha: string, quem: string): Promise<string> {
    return this.turno(quem, (turno) => turno.hash(senha));
  }

  verify(stored: string | null | undefined, senha: string, quem: string): Promise<boolean> {
    return this.turno(quem, (turno) => turno.verify(stored, senha));
  }

  turno<T>(quem: string, work: (turno: Turno) => Promise<T>): Promise<T> {
    return this.#queue.run(quem, () => work(this.#turno), waitMs());
  }

  outdated(stored: string): boolean {
    return needsRehash(stored, this.#parameters) || pepperOf(stored) !== this.#pepper;
  }

  #hash(senha: string | Buffer): Promise<string> {
    const secret = this.#pepper === undefined ? undefined : this.#peppers.get(this.#pepper);
    const peppered = secret && { secret, associatedData: Buffer.from(this.#pepper ?? '', 'hex') };
    return hash(senha, { ...this.#parameters, ...peppered });
  }

  async #verify(stored: string, senha: string): Promise<boolean> {
    const pepper = pepperOf(stored);
    if (pepper === undefined) return verify(stored, senha);
    const secret = this.#peppers.get(pepper);
    // A configuration that lacks it: to call every password wrong would lock everybody out without a word.
    if (secret === undefined) throw new Error(`PASSWORD_PEPPERS lacks the pepper ${pepper}`);
    return verify(stored, senha, { secret });
  }
}

/** For how long the call under way can wait for its turn; without a call as long as anybody. */
function waitMs(): number {
  const time = callTime();
  if (time === undefined) return LIMITS.waitMs;
  return time.since + (time.until - time.since) * PART_FOR_TURNS - Date.now();
}

const nameOf = (pepper: Buffer) =>
  createHash('sha256').update(pepper).digest().subarray(0, PEPPER_NAME_BYTES).toString('hex');

/** Name of the pepper of a hash; undefined when it has none. */
function pepperOf(stored: string): string | undefined {
  const data = /^\$argon2id\$v=\d+\$[^$]*\bdata=([A-Za-z0-9+/]+)/.exec(stored)?.[1];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString('hex');
}

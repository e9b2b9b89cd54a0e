import { AsyncLocalStorage } from 'node:async_hooks';
import { pgCode } from './postgres.ts';
import type { Sql } from './transaction.ts';

/** The `Idempotency-Key` of a call that changes something. */
export interface CallKey {
  /** Whose key it is: the caller's kind and id. */
  readonly escopo: string;
  readonly chave: string;
  /** Of no use to the code: it tells operators what a row is about. */
  readonly metodo: string;
  /** Fingerprint (hash) of the method and the canonical request: the same key goes with the same one only. */
  readonly impressao: Uint8Array;
}

/** Another attempt of the call has claimed the key; the transaction that was told so must not commit. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
  /** `running`: its transaction is still open. `committed`: its effect is there. */
  readonly other: 'running' | 'committed';

  constructor(other: 'running' | 'committed', options?: ErrorOptions) {
    super(`the idempotency key belongs to another attempt (${other})`, options);
    this.other = other;
  }
}

/** Work that a call has started may outlive it, and is no longer part of it then. */
interface Scope {
  readonly key: CallKey;
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs a call whose effect belongs to a key. */
export async function underKey<T>(key: CallKey, call: () => Promise<T>): Promise<T> {
  const scope = { key, open: true };
  try {
    return await scopes.run(scope, call);
  } finally {
    scope.open = false;
  }
}

const CLAIM = 'select idempotencia_tomar($1, $2, $3, $4, $5)';

/** How the database says that it is another attempt's: its transaction is open, or committed. */
const TAKEN: Readonly<Record<string, KeyTakenError['other']>> = { KEY01: 'running', KEY02: 'committed' };

const RENAME = 'update idempotencia set efeito = $3 where escopo = $1 and chave = $2';

const GIVE_BACK = 'delete from idempotencia where escopo = $1 and chave = $2';

/** The key of the call under way, in one transaction of it. Without a key nothing happens. */
export class KeyOfTransaction {
  readonly #sql: Sql;
  readonly #scope = scopes.getStore();
  #claim: Promise<void> | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Ties the key to what this transaction does. It is sent first, so that a second attempt is told before it meets the
   * effect of the first one, and nothing that was sent behind it is carried out then; called again, it gives the effect
   * another name.
   *
   * @param efeito the id of what is made or changed: the answer to a repeated call is built from it
   * @throws KeyTakenError without having waited for the other attempt
   */
  claim(efeito: string): Promise<void> {
    if (!this.#scope?.open) return Promise.resolve();
    const { key } = this.#scope;
    this.#claim = this.#claim ? this.#rename(key, efeito) : this.#first(key, efeito);
    return this.#claim;
  }

  /** Ends the claim with its transaction: what was refused has no effect, and its key is free. */
  async settle(refused: boolean): Promise<void> {
    await this.#claim;
    const { key } = this.#scope ?? {};
    if (refused && this.#claim && key) await this.#sql.query(GIVE_BACK, [key.escopo, key.chave]);
  }

  async #first({ escopo, chave, metodo, impressao }: CallKey, efeito: string): Promise<void> {
    try {
      await this.#sql.query(CLAIM, [escopo, chave, metodo, Buffer.from(impressao), efeito]);
    } catch (cause) {
      const other = TAKEN[pgCode(cause) ?? ''];
      throw other ? new KeyTakenError(other, { cause }) : cause;
    }
  }

  async #rename({ escopo, chave }: CallKey, efeito: string): Promise<void> {
    await this.#sql.query(RENAME, [escopo, chave, efeito]);
  }
}

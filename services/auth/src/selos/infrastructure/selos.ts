import { createHash } from 'node:crypto';
import { deriveKey, open, seal } from './secret-box.ts';

/** 32 bytes each. */
export interface MasterKeys {
  readonly masterKey: Buffer;
  /** The one before, while it is being replaced. */
  readonly previousMasterKey: Buffer | undefined;
}

/** What the master key seals, each under a key of its own. What is stored hangs on these words. */
export type Finalidade = 'signing-keys' | 'totp-secrets' | 'personal-keys' | 'exports' | 'google-logins';

interface Selo {
  readonly nome: string;
  readonly chave: Buffer;
}

/**
 * Seals and opens secrets of one kind: under the master key it seals, under the one before it opens, too. A context goes with
 * each secret, so that it cannot be opened in the place of another one.
 */
export class Selos {
  readonly #atual: Selo;
  readonly #todos: readonly Selo[];

  constructor({ masterKey, previousMasterKey }: MasterKeys, finalidade: Finalidade) {
    this.#atual = seloDe(masterKey, finalidade);
    const anterior = previousMasterKey === undefined ? [] : [seloDe(previousMasterKey, finalidade)];
    this.#todos = [this.#atual, ...anterior];
  }

  /** Of the key that seals, to be stored beside what it has sealed. It tells keys apart, and nothing of them. */
  get nome(): string {
    return this.#atual.nome;
  }

  seal(plain: Buffer, context: string): Buffer {
    return seal(this.#atual.chave, plain, context);
  }

  /**
   * @param nome of the key that has sealed it, where the place tells it: then no other one is tried
   * @throws Error when it does not open
   */
  open(sealed: Buffer, context: string, nome?: string): Buffer {
    const selos = nome === undefined ? this.#todos : this.#todos.filter((selo) => selo.nome === nome);
    let failure = new Error(`is sealed under a master key that this process does not have: ${nome}`);
    for (const { chave } of selos) {
      try {
        return open(chave, sealed, context);
      } catch (cause) {
        // Authenticated encryption: that it does not open says no more than that it was sealed under another key.
        failure = new Error('does not open under its master key', { cause });
      }
    }
    throw failure;
  }
}

function seloDe(masterKey: Buffer, finalidade: Finalidade): Selo {
  const chave = deriveKey(masterKey, finalidade);
  return { chave, nome: nomeDe(masterKey, chave, finalidade) };
}

/** Names stand in rows, which a replica of another version reads as well, so each is made as it was at first. */
function nomeDe(masterKey: Buffer, chave: Buffer, finalidade: Finalidade): string {
  const bytes =
    finalidade === 'personal-keys'
      ? createHash('sha256').update(deriveKey(masterKey, 'personal-keys-name')).digest()
      : deriveKey(chave, 'name');
  return bytes.subarray(0, 8).toString('hex');
}

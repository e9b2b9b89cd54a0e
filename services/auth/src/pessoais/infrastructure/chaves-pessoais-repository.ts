import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from '@plataforma/runtime/transaction';
import { deriveKey, open, seal } from '../../chaves/infrastructure/secret-box.ts';
import {
  type ChaveDePessoa,
  ChaveIlegivelError,
  type ChavesDePessoas,
  type ChavesPessoais,
} from '../application/ports.ts';

const KEY_BYTES = 32;

const FIND = 'select chave, selo from chaves_pessoais where usuario_id = $1';

// Whoever comes second finds the first one's; a row of somebody whose key was destroyed stays as it is.
const CREATE = `
  insert into chaves_pessoais (usuario_id, chave, selo) select id, $2, $3 from usuarios where id = $1
  on conflict (usuario_id) do nothing`;

const DESTROY = `
  insert into chaves_pessoais as c (usuario_id, destruida_em) select id, $2 from usuarios where id = $1
  on conflict (usuario_id) do update set chave = null, selo = null, destruida_em = excluded.destruida_em
    where c.destruida_em is null`;

const OLD = `
  select usuario_id as "usuarioId", chave, selo from chaves_pessoais where selo <> $1 order by usuario_id limit $2`;

const RESEAL = 'update chaves_pessoais set chave = $3, selo = $4 where usuario_id = $1 and selo = $2';

interface Sealed {
  readonly chave: Buffer;
  /** Tells the master key that it is sealed under, and nothing about it. */
  readonly selo: string;
}

type Row = Sealed | { readonly chave: null; readonly selo: null };

/** Keys of people in PostgreSQL, each encrypted for its person under a key derived from the master key. */
export class PostgresChavesPessoais implements ChavesDePessoas, ChavesPessoais {
  readonly #sql: Sql;
  readonly #master: readonly [Selo, ...Selo[]];

  /** @param master 32 bytes each: under the first one is sealed, under all of them opened */
  constructor(sql: Sql, master: readonly [Selo, ...Selo[]]) {
    this.#sql = sql;
    this.#master = master;
  }

  async chaveDe(usuarioId: string): Promise<ChaveDePessoa> {
    const found = await this.#find(usuarioId);
    if (found) return this.#chaveFrom(usuarioId, found);
    const { chave, selo } = this.#sealed(usuarioId, randomBytes(KEY_BYTES));
    await this.#sql.query(CREATE, [usuarioId, chave, selo]);
    const made = await this.#find(usuarioId);
    return made ? this.#chaveFrom(usuarioId, made) : 'DESCONHECIDA';
  }

  async destruir(usuarioId: string, em: Date): Promise<void> {
    await this.#sql.query(DESTROY, [usuarioId, em]);
  }

  /**
   * Seals under the first master key what is under another one, so many at most; answers how many those were. One that
   * cannot be opened fails the call when the others are done.
   */
  async selarDeNovo(limite: number): Promise<number> {
    const rows: Array<Sealed & { usuarioId: string }> = await this.#sql.query(OLD, [
      this.#master[0].nome,
      limite,
    ]);
    const failures: unknown[] = [];
    for (const { usuarioId, ...row } of rows)
      await this.#selarUma(usuarioId, row).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    return rows.length;
  }

  async #selarUma(usuarioId: string, row: Sealed): Promise<void> {
    const { chave, selo } = this.#sealed(usuarioId, this.#opened(usuarioId, row));
    // Destroyed meanwhile, or done by another process: nothing is left to do.
    await this.#sql.query(RESEAL, [usuarioId, row.selo, chave, selo]);
  }

  async #find(usuarioId: string): Promise<Row | undefined> {
    const [row]: Row[] = await this.#sql.query(FIND, [usuarioId]);
    return row;
  }

  #chaveFrom(usuarioId: string, row: Row): ChaveDePessoa {
    return row.chave === null ? 'DESTRUIDA' : this.#opened(usuarioId, row);
  }

  #sealed(usuarioId: string, chave: Buffer): Sealed {
    const [{ chave: master, nome }] = this.#master;
    return { chave: seal(master, chave, contextOf(usuarioId)), selo: nome };
  }

  #opened(usuarioId: string, { chave, selo }: Sealed): Buffer {
    const master = this.#master.find(({ nome }) => nome === selo);
    if (!master)
      throw new ChaveIlegivelError(
        `a personal key is sealed under a master key that this process does not have: ${selo}`,
      );
    try {
      return open(master.chave, chave, contextOf(usuarioId));
    } catch (cause) {
      throw new ChaveIlegivelError('a personal key does not open under its master key', { cause });
    }
  }
}

/** What seals the keys of people, and the name that its rows carry. */
export interface Selo {
  readonly nome: string;
  readonly chave: Buffer;
}

export function seloDe(masterKey: Buffer): Selo {
  const chave = deriveKey(masterKey, 'personal-keys');
  const nome = createHash('sha256')
    .update(deriveKey(masterKey, 'personal-keys-name'))
    .digest('hex')
    .slice(0, 16);
  return { nome, chave };
}

/** A key that was moved to another account cannot be opened there. */
const contextOf = (usuarioId: string) => `personal-key:${usuarioId}`;

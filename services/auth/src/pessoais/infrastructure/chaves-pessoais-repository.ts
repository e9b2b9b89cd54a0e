import { randomBytes } from 'node:crypto';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Selos } from '../../selos/infrastructure/selos.ts';
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

interface Sealed {
  readonly chave: Buffer;
  /** Tells the master key that it is sealed under, and nothing about it. */
  readonly selo: string;
}

type Row = Sealed | { readonly chave: null; readonly selo: null };

/** Keys of people in PostgreSQL, each encrypted for its person under a key derived from the master key. */
export class PostgresChavesPessoais implements ChavesDePessoas, ChavesPessoais {
  readonly #sql: Sql;
  readonly #selos: Selos;

  constructor(sql: Sql, selos: Selos) {
    this.#sql = sql;
    this.#selos = selos;
  }

  async chaveDe(usuarioId: string): Promise<ChaveDePessoa> {
    const found = await this.#find(usuarioId);
    if (found) return this.#chaveFrom(usuarioId, found);
    const chave = this.#selos.seal(randomBytes(KEY_BYTES), contextOf(usuarioId));
    await this.#sql.query(CREATE, [usuarioId, chave, this.#selos.nome]);
    const made = await this.#find(usuarioId);
    return made ? this.#chaveFrom(usuarioId, made) : 'DESCONHECIDA';
  }

  async destruir(usuarioId: string, em: Date): Promise<void> {
    await this.#sql.query(DESTROY, [usuarioId, em]);
  }

  async #find(usuarioId: string): Promise<Row | undefined> {
    const [row]: Row[] = await this.#sql.query(FIND, [usuarioId]);
    return row;
  }

  #chaveFrom(usuarioId: string, row: Row): ChaveDePessoa {
    return row.chave === null ? 'DESTRUIDA' : this.#opened(usuarioId, row);
  }

  #opened(usuarioId: string, { chave, selo }: Sealed): Buffer {
    try {
      return this.#selos.open(chave, contextOf(usuarioId), selo);
    } catch (cause) {
      throw new ChaveIlegivelError(`a personal key ${(cause as Error).message}`, { cause });
    }
  }
}

/** A key that was moved to another account cannot be opened there. */
export const contextOf = (usuarioId: string) => `personal-key:${usuarioId}`;

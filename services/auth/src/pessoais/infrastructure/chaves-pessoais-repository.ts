import { randomBytes } from 'node:crypto';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Selos } from '../../selos/infrastructure/selos.ts';
import {
  type ChaveDePessoa,
  ChaveIlegivelError,
  type ChavesParaSelar,
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

const ASIDE = `
  select chave, selo from chaves_pessoais_antigas where usuario_id = $1 order by guardada_em desc`;

// Of several at once the first one finds the key that all have read; a destruction that comes between finds none to spare.
const REPLACE = `
  with velha as (
    select usuario_id, chave, selo from chaves_pessoais
    where usuario_id = $1 and chave = $2 and selada_em < $5 for update),
  guardada as (
    insert into chaves_pessoais_antigas (usuario_id, chave, selo) select usuario_id, chave, selo from velha),
  usada as (
    delete from chaves_pessoais_antigas as a using velha where a.usuario_id = velha.usuario_id and a.chave = $3)
  update chaves_pessoais as c set chave = $3, selo = $4 from velha where c.usuario_id = velha.usuario_id`;

interface Sealed {
  readonly chave: Buffer;
  /** Tells the master key that it is sealed under, and nothing about it. */
  readonly selo: string;
}

type Row = Sealed | { readonly chave: null; readonly selo: null };

/** Keys of people in PostgreSQL, each encrypted for its person under a key derived from the master key. */
export class PostgresChavesPessoais implements ChavesParaSelar, ChavesPessoais {
  readonly #sql: Sql;
  readonly #selos: Selos;

  constructor(sql: Sql, selos: Selos) {
    this.#sql = sql;
    this.#selos = selos;
  }

  async chaveDe(usuarioId: string): Promise<ChaveDePessoa> {
    const found = await this.#find(usuarioId);
    if (found) return this.#chaveFrom(usuarioId, found);
    const { chave, selo } = this.#nova(usuarioId);
    await this.#sql.query(CREATE, [usuarioId, chave, selo]);
    const made = await this.#find(usuarioId);
    return made ? this.#chaveFrom(usuarioId, made) : 'DESCONHECIDA';
  }

  async substituirIlegivel(usuarioId: string, seladaAntesDe: string): Promise<boolean> {
    const row = await this.#find(usuarioId);
    if (!row || row.chave === null || this.#opens(usuarioId, row)) return false;
    return this.#replace(usuarioId, { velha: row, nova: this.#nova(usuarioId), seladaAntesDe });
  }

  async destruir(usuarioId: string, em: Date): Promise<void> {
    await this.#sql.query(DESTROY, [usuarioId, em]);
  }

  async #find(usuarioId: string): Promise<Row | undefined> {
    const [row]: Row[] = await this.#sql.query(FIND, [usuarioId]);
    return row;
  }

  async #chaveFrom(usuarioId: string, row: Row): Promise<ChaveDePessoa> {
    if (row.chave === null) return 'DESTRUIDA';
    try {
      return this.#opened(usuarioId, row);
    } catch (error) {
      const nova = (await this.#aside(usuarioId)).find((one) => this.#opens(usuarioId, one));
      if (nova === undefined) throw error;
      await this.#replace(usuarioId, { velha: row, nova, seladaAntesDe: 'infinity' });
      return this.#opened(usuarioId, nova);
    }
  }

  /** What was the key of a person before one that has taken its place, last first. */
  #aside(usuarioId: string): Promise<Sealed[]> {
    return this.#sql.query(ASIDE, [usuarioId]);
  }

  async #replace(
    usuarioId: string,
    { velha, nova, seladaAntesDe }: { velha: Sealed; nova: Sealed; seladaAntesDe: string },
  ): Promise<boolean> {
    const what = [usuarioId, velha.chave, nova.chave, nova.selo, seladaAntesDe];
    const [, replaced]: [unknown, number] = await this.#sql.query(REPLACE, what);
    return replaced > 0;
  }

  #nova(usuarioId: string): Sealed {
    const chave = this.#selos.seal(randomBytes(KEY_BYTES), contextOf(usuarioId));
    return { chave, selo: this.#selos.nome };
  }

  #opens(usuarioId: string, sealed: Sealed): boolean {
    try {
      this.#opened(usuarioId, sealed);
      return true;
    } catch {
      return false;
    }
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

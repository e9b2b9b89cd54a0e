import type { Sql } from '@plataforma/runtime/transaction';
import type { VinculosRepository } from '../application/ports.ts';
import type { Identidade } from '../domain/identidade.ts';

const FIND = 'select usuario_id as "usuarioId" from vinculos where emissor = $1 and sujeito = $2';

const HOLD = `select pg_advisory_xact_lock(hashtextextended('auth:vinculos:' || $1 || ' ' || $2, 0))`;

const INSERT = `
  insert into vinculos (emissor, sujeito, usuario_id, criado_em, so_senha) values ($1, $2, $3, $4, $5)
  on conflict on constraint vinculos_um_por_emissor do nothing
  returning usuario_id`;

const REMOVE = 'delete from vinculos where usuario_id = $1';

const REMOVE_BY_PASSWORD = `${REMOVE} and (so_senha or criado_em >= $2::timestamptz)`;

/** Links in PostgreSQL. */
export class PostgresVinculosRepository implements VinculosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async contaDe({ emissor, sujeito }: Pick<Identidade, 'emissor' | 'sujeito'>): Promise<string | undefined> {
    const [row]: Array<{ usuarioId: string }> = await this.#sql.query(FIND, [emissor, sujeito]);
    return row?.usuarioId;
  }

  async hold({ emissor, sujeito }: Pick<Identidade, 'emissor' | 'sujeito'>): Promise<void> {
    await this.#sql.query(HOLD, [emissor, sujeito]);
  }

  async add(
    usuarioId: string,
    { emissor, sujeito }: Identidade,
    { em, soSenha }: { readonly em: Date; readonly soSenha: boolean },
  ): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(INSERT, [emissor, sujeito, usuarioId, em, soSenha]);
    return rows.length > 0;
  }

  async remover(usuarioId: string): Promise<boolean> {
    const [, removed]: [unknown[], number] = await this.#sql.query(REMOVE, [usuarioId]);
    return removed > 0;
  }

  async removerSoSenha(usuarioId: string, tudoDesde?: Date): Promise<boolean> {
    const [, removed]: [unknown[], number] = await this.#sql.query(REMOVE_BY_PASSWORD, [
      ...[usuarioId, tudoDesde ?? null],
    ]);
    return removed > 0;
  }
}

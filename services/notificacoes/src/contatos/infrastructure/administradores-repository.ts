import type { Sql } from '@plataforma/runtime/transaction';
import type { Administradores } from '../application/ports.ts';

const NOTE = `
  insert into administradores (usuario_id, versao, ativo) values ($1, $2, $3)
  on conflict (usuario_id) do update set versao = excluded.versao, ativo = excluded.ativo
    where administradores.versao < excluded.versao`;

const ACTIVE = 'select usuario_id as id from administradores where ativo order by usuario_id limit $1';

/** Who the administrators are, in PostgreSQL: by id alone. */
export class PostgresAdministradores implements Administradores {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async notar(usuarioId: string, versao: number, ativo: boolean): Promise<void> {
    await this.#sql.query(NOTE, [usuarioId, versao, ativo]);
  }

  async atuais(maximo: number): Promise<string[]> {
    const linhas: Array<{ id: string }> = await this.#sql.query(ACTIVE, [maximo]);
    return linhas.map(({ id }) => id);
  }
}

import type { Sql } from '@plataforma/runtime/transaction';
import type { ConsultaDeCodigos } from '../application/ports.ts';

const LEFT = 'select count(*)::int as n from codigos_recuperacao where usuario_id = $1 and usado_em is null';

/** Recovery codes in PostgreSQL, as they are now. */
export class PostgresConsultaDeCodigos implements ConsultaDeCodigos {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async restantes(usuarioId: string): Promise<number> {
    const [row]: Array<{ n: number }> = await this.#sql.query(LEFT, [usuarioId]);
    return row?.n ?? 0;
  }
}

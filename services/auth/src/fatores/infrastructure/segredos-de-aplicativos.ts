import type { Sql } from '@plataforma/runtime/transaction';
import type { SegredoSelado, SegredosPorSelar, SegredosSelados } from '../../selos/application/ports.ts';
import { contextOf } from './fatores-repository.ts';

const DUE = 'selado_com is distinct from $1 and not (id = any($2::uuid[]))';

/** Its owner may be proving the factor. */
const FIND = `
  select id, usuario_id as "usuarioId", segredo_cifrado as selado from fatores
  where ${DUE} order by id limit $3 for update skip locked`;

const KEEP = 'update fatores set segredo_cifrado = $2, selado_com = $3 where id = $1';

const SINCE = `select min(criado_em) as desde from fatores where ${DUE}`;

/**
 * Secrets of authenticator apps. A replica from before tells no key, or leaves the name of another one: any may open them. The
 * owner of one that no key opens gets in by a recovery code.
 */
export class PostgresSegredosDeAplicativos implements SegredosSelados {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async porSelar({ selo, menos }: SegredosPorSelar, limite: number): Promise<readonly SegredoSelado[]> {
    const rows: Array<{ id: string; usuarioId: string; selado: Buffer }> = await this.#sql.query(FIND, [
      ...[selo, menos, limite],
    ]);
    return rows.map((row) => ({ id: row.id, contexto: contextOf(row), selado: row.selado }));
  }

  async guardar(id: string, selado: Buffer, selo: string): Promise<void> {
    await this.#sql.query(KEEP, [id, selado, selo]);
  }

  async desde({ selo, menos }: SegredosPorSelar): Promise<Date | undefined> {
    const [row]: Array<{ desde: Date | null }> = await this.#sql.query(SINCE, [selo, menos]);
    return row?.desde ?? undefined;
  }
}

import type { Sql } from '@plataforma/runtime/transaction';
import type { SegredoSelado, SegredosPorSelar, SegredosSelados } from '../../selos/application/ports.ts';
import { contextOf } from './chaves-pessoais-repository.ts';

/** A key that was destroyed has neither name nor text. */
const DUE = 'selo <> $1 and not (usuario_id = any($2::text[]))';

const FIND = `
  select usuario_id as id, chave as selado, selo from chaves_pessoais
  where ${DUE} order by usuario_id limit $3 for update skip locked`;

const KEEP = 'update chaves_pessoais set chave = $2, selo = $3 where usuario_id = $1';

const SINCE = `select min(criada_em) as desde from chaves_pessoais where ${DUE}`;

/** Keys of people. Each tells the key that it is sealed under, and opens under no other. */
export class PostgresChavesSeladas implements SegredosSelados {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async porSelar({ selo, menos }: SegredosPorSelar, limite: number): Promise<readonly SegredoSelado[]> {
    const rows: Array<{ id: string; selado: Buffer; selo: string }> = await this.#sql.query(FIND, [
      ...[selo, menos, limite],
    ]);
    return rows.map((row) => ({ ...row, contexto: contextOf(row.id) }));
  }

  async guardar(id: string, selado: Buffer, selo: string): Promise<void> {
    await this.#sql.query(KEEP, [id, selado, selo]);
  }

  async desde({ selo, menos }: SegredosPorSelar): Promise<Date | undefined> {
    const [row]: Array<{ desde: Date | null }> = await this.#sql.query(SINCE, [selo, menos]);
    return row?.desde ?? undefined;
  }
}

import type { Sql } from '@plataforma/runtime/transaction';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import { Espaco } from '../domain/espaco.ts';
import type { EspacosRepository } from '../domain/repositories.ts';
import { COLUNAS_DO_ESPACO, type EspacoRow, espacoFromRow, espacoToRow } from './espaco-row.ts';

const POR_ID = `select ${COLUNAS_DO_ESPACO} from espacos where id = $1`;

export class PostgresEspacosRepository implements EspacosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  findById(id: string): Promise<Espaco | undefined> {
    return this.#one(POR_ID, id);
  }

  paraAlterar(id: string): Promise<Espaco | undefined> {
    return this.#one(`${POR_ID} for no key update`, id);
  }

  async add(espaco: Espaco): Promise<void> {
    await insertWithNewId(this.#sql, 'espacos', espacoToRow(espaco.estado));
  }

  async save(espaco: Espaco): Promise<void> {
    const { id, versao, ...columns } = espacoToRow(espaco.estado);
    const names = Object.keys(columns);
    const assignments = names.map((name, i) => `${name} = $${i + 3}`);
    const [, affected]: [unknown[], number] = await this.#sql.query(
      `update espacos set versao = $2, ${assignments.join(', ')} where id = $1 and versao = $2::integer - 1`,
      [id, versao, ...Object.values(columns)],
    );
    if (affected !== 1) throw new Error(`space ${espaco.id} was not locked before it was changed`);
  }

  async #one(text: string, id: string): Promise<Espaco | undefined> {
    const [row]: EspacoRow[] = await this.#sql.query(text, [id]);
    return row && Espaco.restaurar(espacoFromRow(row));
  }
}

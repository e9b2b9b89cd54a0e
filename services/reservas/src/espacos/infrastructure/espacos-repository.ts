import type { Sql } from '@plataforma/runtime/transaction';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import { Espaco } from '../domain/espaco.ts';
import type { EspacosRepository } from '../domain/repositories.ts';
import { COLUNAS_DO_ESPACO, type EspacoRow, espacoFromRow, espacoToRow } from './espaco-row.ts';

const POR_ID = `select ${COLUNAS_DO_ESPACO} from espacos where id = $1`;

export class PostgresEspacosRepository implements EspacosRepository {
  readonly #manager: Sql;

  constructor(manager: Sql) {
    this.#manager = manager;
  }

  findById(id: string): Promise<Espaco | undefined> {
    return this.#one(POR_ID, id);
  }

  paraAlterar(id: string): Promise<Espaco | undefined> {
    return this.#one(`${POR_ID} for no key update`, id);
  }

  async add(espaco: Espaco): Promise<void> {
    await insertWithNewId(this.#manager, 'espacos', espacoToRow(espaco.estado));
  }

  async save(espaco: Espaco): Promise<void> {
    const { id, versao, ...columns } = espacoToRow(espaco.estado);
    const names = Object.keys(columns);
    const assignments = names.map((name, i) => `${name} = $${i + 3}`);
    const [, affected]: [unknown[], number] = await this.#manager.query(
      `update espacos set versao = $2, ${assignments.join(', ')} where id = $1 and versao = $2::integer - 1`,
      [id, versao, ...Object.values(columns)],
    );
    if (affected !== 1) throw new Error(`space ${espaco.id} was not locked before it was changed`);
  }

  async #one(sql: string, id: string): Promise<Espaco | undefined> {
    const [row]: EspacoRow[] = await this.#manager.query(sql, [id]);
    return row && Espaco.restaurar(espacoFromRow(row));
  }
}

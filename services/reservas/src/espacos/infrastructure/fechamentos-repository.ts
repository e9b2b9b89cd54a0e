import type { Sql } from '@plataforma/runtime/transaction';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import type { Fechamento } from '../domain/fechamento.ts';
import type { FechamentosRepository } from '../domain/repositories.ts';

/** A row of `fechamentos` as the driver gives it. */
export interface FechamentoRow {
  readonly id: string;
  readonly espaco_id: string;
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly anual: boolean;
  readonly motivo: string;
  readonly criado_em: Date;
}

const COLUNAS = 'id, espaco_id, data_inicio, data_fim, anual, motivo, criado_em';

/** The one-off closures of some spaces between two instants, and all of their yearly ones. */
export const FECHAMENTOS_ENTRE = `
  select ${COLUNAS} from fechamentos
  where espaco_id = any($1) and not anual and tstzrange(data_inicio, data_fim) && tstzrange($2, $3)
  union all
  select ${COLUNAS} from fechamentos where espaco_id = any($1) and anual`;

export class PostgresFechamentosRepository implements FechamentosRepository {
  readonly #sql: Sql;
  readonly #tocados: Set<string>;

  constructor(sql: Sql, tocados: Set<string>) {
    this.#sql = sql;
    this.#tocados = tocados;
  }

  async entre(espacoId: string, de: Date, ate: Date): Promise<Fechamento[]> {
    const rows: FechamentoRow[] = await this.#sql.query(FECHAMENTOS_ENTRE, [[espacoId], de, ate]);
    return rows.map(fechamentoFromRow);
  }

  async add(fechamento: Fechamento, quem: string): Promise<void> {
    this.#tocados.add(fechamento.espacoId);
    await insertWithNewId(this.#sql, 'fechamentos', {
      id: fechamento.id,
      espaco_id: fechamento.espacoId,
      data_inicio: fechamento.periodo.inicio,
      data_fim: fechamento.periodo.fim,
      anual: fechamento.anual,
      motivo: fechamento.motivo,
      criado_em: fechamento.criadoEm,
      criado_por: quem,
    });
  }

  async remover(espacoId: string, id: string): Promise<boolean> {
    this.#tocados.add(espacoId);
    const [, affected]: [unknown[], number] = await this.#sql.query(
      'delete from fechamentos where espaco_id = $1 and id = $2',
      [espacoId, id],
    );
    return affected > 0;
  }
}

export function fechamentoFromRow(row: FechamentoRow): Fechamento {
  const { id, espaco_id: espacoId, anual, motivo, criado_em: criadoEm } = row;
  return { id, espacoId, periodo: periodoFromRow(row), anual, motivo, criadoEm };
}

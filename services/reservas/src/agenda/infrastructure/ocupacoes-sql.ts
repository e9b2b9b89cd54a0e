import type { Ocupacao } from '../../tempo/domain/periodo-reserva.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import { OCUPA_SQL } from './ocupantes-sql.ts';

/** What is taken of a space between two instants; answered by the index of `reservas_dura_ex`. */
export const OCUPACOES = `
  select data_inicio, data_fim, folga_minutos from reservas
  where espaco_id = $1 and tstzrange(data_inicio, data_fim) && tstzrange($2, $3) and ${OCUPA_SQL}
  order by data_inicio`;

export interface OcupacaoRow {
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly folga_minutos: number;
}

export function ocupacaoFromRow(row: OcupacaoRow): Ocupacao {
  return { periodo: periodoFromRow(row), folgaMinutos: row.folga_minutos };
}

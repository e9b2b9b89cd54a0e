import type { DataSource } from 'typeorm';
import type { AgendaOcupada, Agendas, EspacoSemReserva } from '../../application/ports.ts';
import type { TipoEspaco } from '../../domain/dados-espaco.ts';
import { FOLGA_MAXIMA_MINUTOS, MINUTO_MS, type PeriodoReserva } from '../../domain/periodo-reserva.ts';
import { type EspacoRow, espacoFromRow } from './espaco-row.ts';
import { FECHAMENTOS_ENTRE, type FechamentoRow, fechamentoFromRow } from './fechamentos-repository.ts';
import { OCUPACOES, type OcupacaoRow, ocupacaoFromRow } from './ocupacoes-sql.ts';
import { OCUPA_SQL } from './ocupantes-sql.ts';

/** What is in the way of bookings, straight from the tables. */
export class PostgresAgendas implements Agendas {
  readonly #dataSource: Pick<DataSource, 'query'>;

  constructor(dataSource: Pick<DataSource, 'query'>) {
    this.#dataSource = dataSource;
  }

  async entre(espacoId: string, de: Date, ate: Date): Promise<AgendaOcupada> {
    const folgaMs = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;
    const [ocupacoes, fechamentos]: [OcupacaoRow[], FechamentoRow[]] = await Promise.all([
      this.#dataSource.query(OCUPACOES, [
        espacoId,
        new Date(de.getTime() - folgaMs),
        new Date(ate.getTime() + folgaMs),
      ]),
      this.#dataSource.query(FECHAMENTOS_ENTRE, [[espacoId], de, ate]),
    ]);
    return { ocupacoes: ocupacoes.map(ocupacaoFromRow), fechamentos: fechamentos.map(fechamentoFromRow) };
  }
}

/**
 * Who is free: for each space one look into the index of its reservations, within the largest buffer around the period;
 * of those only the ones whose own buffer, or the space's, reaches into it count.
 */
const SEM_RESERVA = `
  select e.* from espacos e
  where e.ativo and e.capacidade >= $3 and (e.tipo = $4::text or $4::text is null)
    and extract(epoch from $2::timestamptz - $1::timestamptz) / 60
      between e.duracao_minima_minutos and e.duracao_maxima_minutos
    and $1 between $5::timestamptz + e.antecedencia_minima_minutos * interval '1 minute'
      and $5::timestamptz + e.antecedencia_maxima_dias * interval '24 hours'
    and not exists (
      select 1 from reservas r
      where r.espaco_id = e.id
        and tstzrange(r.data_inicio, r.data_fim) && tstzrange($1::timestamptz - $6::interval, $2::timestamptz + $6::interval)
        and r.data_inicio < $2::timestamptz + greatest(e.folga_minutos, r.folga_minutos) * interval '1 minute'
        and r.data_fim > $1::timestamptz - greatest(e.folga_minutos, r.folga_minutos) * interval '1 minute'
        and r.${OCUPA_SQL})`;

export async function espacosSemReserva(
  dataSource: Pick<DataSource, 'query'>,
  { inicio, fim }: PeriodoReserva,
  { tipo, capacidade }: { readonly tipo: TipoEspaco | undefined; readonly capacidade: number },
  agora: Date,
): Promise<EspacoSemReserva[]> {
  const parameters = [inicio, fim, capacidade, tipo, agora, `${FOLGA_MAXIMA_MINUTOS} minutes`];
  const espacos: EspacoRow[] = await dataSource.query(SEM_RESERVA, parameters);
  const ids = espacos.map(({ id }) => id);
  const rows: FechamentoRow[] = await dataSource.query(FECHAMENTOS_ENTRE, [ids, inicio, fim]);
  const porEspaco = Map.groupBy(rows.map(fechamentoFromRow), ({ espacoId }) => espacoId);
  return espacos.map((row) => ({ espaco: espacoFromRow(row), fechamentos: porEspaco.get(row.id) ?? [] }));
}

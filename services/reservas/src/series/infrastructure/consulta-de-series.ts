import type { Posicao } from '@plataforma/domain/page-token';
import type { DataSource } from 'typeorm';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { type ReservaRow, reservaFromRow } from '../../reservas/infrastructure/reserva-row.ts';
import type { ConsultaDeSeries, FiltroSeries } from '../application/ports.ts';
import type { Serie } from '../domain/serie.ts';
import { type SerieRow, serieFromRow } from './serie-row.ts';

/** Every filter is optional: a null parameter lets everything pass. */
const SERIES = `
  select * from series
  where (cliente_id = $1::text or $1::text is null) and (espaco_id = $2::text or $2::text is null)
    and ((criada_em, id) < ($3::timestamptz, $4::text) or $3::timestamptz is null)
  order by criada_em desc, id desc limit $5`;

export class PostgresConsultaDeSeries implements ConsultaDeSeries {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async serie(id: string): Promise<Serie | undefined> {
    const [row]: SerieRow[] = await this.#dataSource.query('select * from series where id = $1', [id]);
    return row && serieFromRow(row);
  }

  async reservas(serieId: string): Promise<EstadoReserva[]> {
    const sql = 'select * from reservas where serie_id = $1 order by serie_numero';
    const rows: ReservaRow[] = await this.#dataSource.query(sql, [serieId]);
    return rows.map(reservaFromRow);
  }

  async series(
    { clienteId, espacoId }: FiltroSeries,
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<Serie[]> {
    const parameters = [clienteId, espacoId, depoisDe?.ordem, depoisDe?.id, maximo];
    const rows: SerieRow[] = await this.#dataSource.query(SERIES, parameters);
    return rows.map(serieFromRow);
  }
}

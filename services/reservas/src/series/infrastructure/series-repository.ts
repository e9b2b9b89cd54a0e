import type { Sql } from '@plataforma/runtime/transaction';
import { type OcupacaoRow, ocupacaoFromRow } from '../../agenda/infrastructure/ocupacoes-sql.ts';
import { OCUPA_SQL } from '../../agenda/infrastructure/ocupantes-sql.ts';
import { insertWithNewId } from '../../comum/infrastructure/insert-row.ts';
import { Reserva } from '../../reservas/domain/reserva.ts';
import { type ReservaRow, reservaFromRow } from '../../reservas/infrastructure/reserva-row.ts';
import {
  FOLGA_MAXIMA_MINUTOS,
  type Ocupacao,
  type PeriodoReserva,
} from '../../tempo/domain/periodo-reserva.ts';
import type { Serie } from '../domain/serie.ts';
import type { SeriesRepository } from '../domain/series-repository.ts';
import { type SerieRow, serieFromRow, serieToRow } from './serie-row.ts';

const RESERVAS = `
  select * from reservas where serie_id = $1 order by serie_numero for no key update`;

/** One look into the index of `reservas_dura_ex` per period. A neighbour of two periods may come twice. */
const OCUPACOES = `
  select r.data_inicio, r.data_fim, r.folga_minutos
  from unnest($2::timestamptz[], $3::timestamptz[]) as p (de, ate)
  join reservas r on r.espaco_id = $1
    and tstzrange(r.data_inicio, r.data_fim) && tstzrange(p.de - $4::interval, p.ate + $4::interval)
    and r.${OCUPA_SQL}`;

export class PostgresSeriesRepository implements SeriesRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  findById(id: string): Promise<Serie | undefined> {
    return this.#one('select * from series where id = $1', [id]);
  }

  async reservas(serieId: string): Promise<Reserva[]> {
    const rows: ReservaRow[] = await this.#sql.query(RESERVAS, [serieId]);
    return rows.map((row) => Reserva.restaurar(reservaFromRow(row)));
  }

  async ocupacoes(espacoId: string, periodos: readonly PeriodoReserva[]): Promise<Ocupacao[]> {
    const rows: OcupacaoRow[] = await this.#sql.query(OCUPACOES, [
      espacoId,
      periodos.map(({ inicio }) => inicio),
      periodos.map(({ fim }) => fim),
      `${FOLGA_MAXIMA_MINUTOS} minutes`,
    ]);
    return rows.map(ocupacaoFromRow);
  }

  add(serie: Serie): Promise<void> {
    return insertWithNewId(this.#sql, 'series', serieToRow(serie));
  }

  async #one(text: string, parameters: unknown[]): Promise<Serie | undefined> {
    const [row]: SerieRow[] = await this.#sql.query(text, parameters);
    return row && serieFromRow(row);
  }
}

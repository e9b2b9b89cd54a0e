import type { Reserva } from '../../reservas/domain/reserva.ts';
import type { Ocupacao, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { Serie } from './serie.ts';

/** Series, within one transaction; they never change. */
export interface SeriesRepository {
  findById(id: string): Promise<Serie | undefined>;
  /** Its reservations by number; locks them, always in this order, until the transaction ends. */
  reservas(serieId: string): Promise<Reserva[]>;
  /** What is taken of a space within the largest buffer around some periods. */
  ocupacoes(espacoId: string, periodos: readonly PeriodoReserva[]): Promise<Ocupacao[]>;
  add(serie: Serie): Promise<void>;
}

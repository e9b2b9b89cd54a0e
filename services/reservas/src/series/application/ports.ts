import type { Posicao } from '@plataforma/domain/page-token';
import type { PessoasRepository } from '../../contas/domain/pessoas-repository.ts';
import type { EspacosRepository, FechamentosRepository } from '../../espacos/domain/repositories.ts';
import type { Promessas } from '../../reservas/application/ports.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { Serie } from '../domain/serie.ts';
import type { SeriesRepository } from '../domain/series-repository.ts';

/** What series need of their transaction. */
export interface Transacao {
  readonly series: SeriesRepository;
  readonly reservas: ReservasRepository;
  readonly espacos: EspacosRepository;
  readonly fechamentos: FechamentosRepository;
  readonly pessoas: PessoasRepository;
  readonly promessas: Promessas;
}

export interface FiltroSeries {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
}

/** Reads of series that need no transaction. */
export interface ConsultaDeSeries {
  serie(id: string): Promise<Serie | undefined>;
  /** Its reservations, by number. */
  reservas(serieId: string): Promise<EstadoReserva[]>;
  /** Newest first. */
  series(filtro: FiltroSeries, maximo: number, depoisDe: Posicao | undefined): Promise<Serie[]>;
}

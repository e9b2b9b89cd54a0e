import type { TipoEspaco } from '../../espacos/domain/dados-espaco.ts';
import type { EstadoEspaco, RegrasDeUso } from '../../espacos/domain/espaco.ts';
import type { Fechamento } from '../../espacos/domain/fechamento.ts';
import type { FechamentosRepository } from '../../espacos/domain/repositories.ts';
import type { Ocupacao, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { PosicaoDePreco, PrecosDaTarifa, Tarifa } from '../domain/tarifa.ts';
import type { Ocupacoes } from '../domain/vizinhanca.ts';

/** What is in the way of a booking, within its transaction. */
export interface Transacao {
  readonly reservas: Ocupacoes;
  readonly fechamentos: FechamentosRepository;
}

/** What is in the way of bookings of a space. */
export interface AgendaOcupada {
  readonly ocupacoes: readonly Ocupacao[];
  readonly fechamentos: readonly Fechamento[];
}

/** Reads what is taken. May lag behind by a minute, so no booking ever decides by it. */
export interface Agendas {
  /** Between two instants and within the largest buffer around them. */
  entre(espacoId: string, de: Date, ate: Date): Promise<AgendaOcupada>;
}

export interface ProximosEspacos {
  readonly precos: readonly PrecosDaTarifa[];
  readonly periodo: PeriodoReserva;
  readonly capacidade: number;
  readonly agora: Date;
  readonly depoisDe: PosicaoDePreco | undefined;
  readonly maximo: number;
}

/** A space that is next in the order of prices, and whether anything is in its way. */
export interface EspacoCandidato {
  readonly posicao: PosicaoDePreco;
  readonly regras: RegrasDeUso;
  /** Somebody has booked in the period, or nearer to it than the buffers allow. */
  readonly ocupado: boolean;
  /** Those that may be in the way. */
  readonly fechamentos: readonly Fechamento[];
}

/** Reads for the search. What one of them costs depends on what it answers, not on how many spaces there are. */
export interface BuscaDeEspacos {
  /** Those that active spaces have. */
  tarifas(tipos: readonly TipoEspaco[]): Promise<Tarifa[]>;
  /**
   * The next active spaces by total, hourly price and identity, of these tariffs: large enough, with limits that fit and
   * a total that can be charged. Fewer than `maximo` are the last ones.
   */
  proximos(pedido: ProximosEspacos): Promise<EspacoCandidato[]>;
  /** Those that are still there, in any order. */
  espacos(ids: readonly string[]): Promise<EstadoEspaco[]>;
}

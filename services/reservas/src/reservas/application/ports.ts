import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Posicao } from '@plataforma/domain/page-token';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import type { PessoasRepository } from '../../contas/domain/pessoas-repository.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import type { EspacosRepository, FechamentosRepository } from '../../espacos/domain/repositories.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import type { PassoComAutor } from '../domain/historico.ts';
import type { CotacoesRepository, ReservasRepository } from '../domain/repositories.ts';

/** What booking needs of its transaction. */
export interface Transacao {
  readonly reservas: ReservasRepository;
  readonly espacos: EspacosRepository;
  readonly fechamentos: FechamentosRepository;
  readonly cotacoes: CotacoesRepository;
  readonly pessoas: PessoasRepository;
  readonly promessas: Promessas;
}

/** What those who stand in line are about to be offered, or have been: bookings do not overtake them. */
export interface Promessas {
  /** Who waits for a period in whose way a booking of one of these could be. Asked while the space is locked. */
  pertoDe(espacoId: string, periodos: readonly PeriodoReserva[], agora: Date): Promise<Esperando>;
  /** The fate of a reservation is the fate of the place in line that it was offered to. */
  acompanhar(reserva: EstadoReserva): Promise<void>;
}

/** Those who wait, as of one look. */
export interface Esperando {
  /** Whether a free period is about to be offered to somebody else who stood in line for it. */
  prometida(
    espaco: Espaco,
    pedido: { readonly periodo: PeriodoReserva; readonly clienteId: string },
  ): Promise<boolean>;
}

/** Asks for the money of what is committed. Never rejects: a hold stands, and its charge comes by the event. */
export interface Cobrancas {
  /** Asks for the charge of a new hold; answers the hold as it stands afterwards. */
  cobrar(reserva: EstadoReserva): Promise<EstadoReserva>;
  /** Likewise, of one that its customer has accepted: their credit pays what it can. */
  usarCreditos(reserva: EstadoReserva): Promise<EstadoReserva>;
}

/** Money that came in for a reservation, and of which nothing is on its way back. */
export interface PagamentoAprovado {
  readonly reservaId: string;
  /** What was charged, by credit and by card together. */
  readonly valor: Dinheiro;
  readonly creditosUsados: Dinheiro;
}

export interface ConsultaDePagamentos {
  /**
   * Undefined when there is no such payment, or it is not approved or not any more. Bounded in time.
   *
   * @throws when pagamentos does not answer
   */
  aprovado(pagamentoId: string): Promise<PagamentoAprovado | undefined>;
}

/** Where the application tells what operators want to know. */
export interface ObservadorDeReservas {
  reservaCriada(reserva: EstadoReserva): void;
}

export interface FiltroReservas {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
  readonly status: StatusReserva | undefined;
  /** Only what ends after this instant. */
  readonly dataInicio: Date | undefined;
  /** Only what starts before this instant. */
  readonly dataFim: Date | undefined;
}

/** Reads of reservations that need no transaction. */
export interface ConsultaDeReservas {
  reserva(id: string): Promise<EstadoReserva | undefined>;
  /** Oldest first. */
  historico(reservaId: string): Promise<PassoComAutor[]>;
  /** Newest first. */
  reservas(filtro: FiltroReservas, maximo: number, depoisDe: Posicao | undefined): Promise<EstadoReserva[]>;
}

import type { PessoasRepository } from '../../contas/domain/pessoas-repository.ts';
import type { Promessas } from '../../reservas/application/ports.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { RespostaDeCobranca } from '../domain/fato.ts';
import type { OcorrenciaDaSaga, RegistrosDaSaga } from '../domain/ocorrencia.ts';

/** What the saga needs of its transaction. */
export interface Transacao {
  readonly reservas: ReservasRepository;
  readonly pessoas: PessoasRepository;
  readonly promessas: Promessas;
  readonly ocorrencias: OcorrenciasRepository;
}

/** What a saga goes through, beside the changes that the history of the reservation tells. */
export interface OcorrenciasRepository {
  /** Nothing is noted for a reservation that does not exist. */
  add(ocorrencia: OcorrenciaDaSaga): Promise<void>;
}

/**
 * Charges a reservation now, as its event asks as well. Bounded in time, idempotent by reservation; rejects when pagamentos has not
 * done it now. Answers the fact that an event of pagamentos tells a moment later.
 */
export interface PagamentosGateway {
  criarCobranca(reserva: EstadoReserva): Promise<RespostaDeCobranca>;
  /** Has the customer's credit pay a charge that was made without it, and makes it when there is none. */
  usarCreditos(reserva: EstadoReserva): Promise<RespostaDeCobranca>;
}

/** Where the application tells what operators want to know. */
export interface ObservadorDaSaga {
  /** The hold stands, its charge comes by the event. */
  cobrancaAdiada(reservaId: string, causa: unknown): void;
  /** Money came for a reservation that does not exist; it goes back. */
  pagamentoSemReserva(reservaId: string, pagamentoId: string): void;
  /** Something else was told of such a reservation; nothing follows from it. */
  fatoSemReserva(reservaId: string, fato: string): void;
  /** Money came that is not the price of its reservation; it goes back. */
  pagamentoDivergente(reservaId: string, pagamentoId: string): void;
}

export interface ConsultaDeSagas {
  registros(reservaId: string, maximo: number): Promise<RegistrosDaSaga | undefined>;
}

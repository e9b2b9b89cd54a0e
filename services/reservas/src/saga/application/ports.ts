import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Result } from '@plataforma/domain/result';
import type { Promessas } from '../../reservas/application/ports.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { OcorrenciaDaSaga, RegistrosDaSaga } from '../domain/ocorrencia.ts';
import type { PedidoDeCobranca } from '../domain/reserva-saga.ts';

/** What the saga needs of its transaction. */
export interface Transacao {
  readonly reservas: ReservasRepository;
  readonly promessas: Promessas;
  readonly ocorrencias: OcorrenciasRepository;
}

/** What a saga goes through, beside the changes that the history of the reservation tells. */
export interface OcorrenciasRepository {
  /** Nothing is noted for a reservation that does not exist. */
  add(ocorrencia: OcorrenciaDaSaga): Promise<void>;
}

export interface CobrancaCriada {
  readonly pagamentoId: string;
  /** Empty where there is none. */
  readonly checkoutUrl: string;
  /** Whether it is paid already, by credit, or by card before its checkout was closed. */
  readonly paga: boolean;
  /** The part that store credit pays. */
  readonly creditosUsados: Dinheiro;
}

/** pagamentos did not create the charge now; it will, once it has read the event of the reservation. */
export class CobrancaAdiadaError extends Error {
  override readonly name = 'CobrancaAdiadaError';
}

export interface PagamentosGateway {
  /** Bounded in time. Idempotent by reservation. */
  criarCobranca(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>>;
  /** Has the customer's credit pay a charge that was made without it, and makes it when there is none. Likewise. */
  usarCreditos(pedido: PedidoDeCobranca): Promise<Result<CobrancaCriada, CobrancaAdiadaError>>;
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

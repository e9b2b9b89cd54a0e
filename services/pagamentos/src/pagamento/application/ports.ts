import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusPagamento } from '../domain/contas.ts';
import type { Devolvivel } from '../domain/devolvivel.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import type { MovimentoDeCredito } from '../domain/movimento-de-credito.ts';
import type { Cobranca, EstadoPagamento } from '../domain/pagamento.ts';

/** A payment as the event store has it. Version 0: it does not exist. */
export interface PagamentoVersionado {
  readonly id: string;
  readonly versao: number;
  readonly estado: EstadoPagamento;
}

export interface PagamentosRepository {
  /** All its events folded; INEXISTENTE when there are none. */
  load(pagamentoId: string): Promise<PagamentoVersionado>;
  /**
   * Appends after `atual.versao`; projections, outbox and the customer's credit follow in the same transaction. No event:
   * no effect.
   *
   * @param causa what led to it, for the audit: `rpc`, `webhook:evt_1`
   * @throws ConcurrencyError when somebody else appended first, or charged the same reservation.
   */
  append(
    atual: PagamentoVersionado,
    eventos: readonly PagamentoEvent[],
    causa: string,
  ): Promise<PagamentoVersionado>;
}

/** Store credit within a transaction, as far as payments take it and give it back. */
export interface CreditosDoPagamento {
  /** Keeps the credit of a customer from all others until the transaction ends. */
  travar(clienteId: string): Promise<void>;
  /** What a customer can spend now; until the transaction ends nobody else can. */
  disponivel(clienteId: string, agora: Date): Promise<Dinheiro>;
  /** Carries out what an event means for the customer's credit. @throws Error when the ledger says otherwise. */
  mover(cobranca: Cobranca, movimento: MovimentoDeCredito): Promise<void>;
}

/** What one transaction can change. */
export interface Transacao {
  readonly pagamentos: PagamentosRepository;
  readonly creditos: Pick<CreditosDoPagamento, 'disponivel'>;
}

export interface UnitOfWork<T = Transacao> {
  /** One database transaction; whatever `work` throws rolls it back. `work` may run again after a deadlock. */
  run<R>(work: (tx: T) => Promise<R>): Promise<R>;
}

export interface PagamentoView {
  readonly id: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  /** The part of `valor` that store credit pays. */
  readonly creditos: Dinheiro;
  readonly status: StatusPagamento;
  readonly checkoutUrl: string;
  readonly estornado: Dinheiro;
  /** What a refund can still give back; undefined before money came. */
  readonly devolvivel: Devolvivel | undefined;
  readonly recusas: number;
  readonly criadoEm: Date;
  readonly aprovadoEm: Date | undefined;
  readonly atualizadoEm: Date;
  /** Until when the slot is held, and the charge is to be paid. */
  readonly expiraEm: Date;
  readonly versao: number;
}

export interface EventoView {
  readonly versao: number;
  readonly tipo: string;
  readonly ocorridoEm: Date;
  /** JSON. */
  readonly dados: string;
}

export interface PagamentosReadModel {
  obter(pagamentoId: string): Promise<PagamentoView | undefined>;
  idPorReserva(reservaId: string): Promise<string | undefined>;
  /** All that is decided on, in one look; undefined when the reservation has not been charged. */
  porReserva(reservaId: string): Promise<PagamentoVersionado | undefined>;
  /** By the payment intent that paid it. */
  idPorIntencao(intencaoId: string): Promise<string | undefined>;
  /** Oldest first, from the version after `depoisDe` on. */
  listarEventos(pagamentoId: string, depoisDe: number, limite: number): Promise<readonly EventoView[]>;
  /** As it was after all that had happened up to an instant; undefined when it did not exist yet. */
  obterEm(pagamentoId: string, em: Date): Promise<PagamentoView | undefined>;
}

export interface Observador {
  /** Committed. */
  gravados(pagamentoId: string, eventos: readonly PagamentoEvent[]): void;
  /** A payment differed from what the provider says of it; what could not be repaired needs a person. */
  divergiu(divergencia: Divergencia): void;
}

/** Something that differed from the provider. */
export interface Divergencia {
  readonly pagamentoId: string;
  /** The events that were missing here, or why nothing could be repaired. */
  readonly detalhe: string;
  readonly reparada: boolean;
}

import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { CreditosDisponiveis } from '../../creditos/application/livro-de-creditos.ts';
import type { WebhookRecebido } from '../../webhooks/application/ports.ts';
import type { StatusPagamento } from '../domain/contas.ts';
import type { Devolvivel } from '../domain/devolvivel.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import type { EstadoPagamento } from '../domain/pagamento.ts';

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

/** What one transaction can change. */
export interface Transacao {
  readonly pagamentos: PagamentosRepository;
  readonly creditos: CreditosDisponiveis;
  /** Stores a webhook that is dealt with in this transaction; false when it was stored before. */
  guardarWebhook(webhook: WebhookRecebido, em: Date): Promise<boolean>;
  /** Notes that a webhook has been dealt with; false when it had been before. */
  concluirWebhook(eventoId: string, resultado: 'PROCESSADO' | 'IGNORADO', em: Date): Promise<boolean>;
}

export interface UnitOfWork {
  /** One database transaction; whatever `work` throws rolls it back. `work` may run again after a deadlock. */
  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T>;
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

/** Money by card, or credit; only the last two belong to no payment. */
export type TipoMovimento =
  | 'CAPTURA'
  | 'ESTORNO'
  | 'ESTORNO_DEVOLVIDO'
  | 'CREDITO_USADO'
  | 'CREDITO_DEVOLVIDO'
  | 'CREDITO_CONCEDIDO'
  | 'CREDITO_EXPIRADO';

export interface TransacaoView {
  readonly id: string;
  /** Empty when it belongs to none. */
  readonly pagamentoId: string;
  /** Likewise. */
  readonly reservaId: string;
  readonly clienteId: string;
  readonly tipo: TipoMovimento;
  readonly valor: Dinheiro;
  readonly ocorridaEm: Date;
}

export interface EventoView {
  readonly versao: number;
  readonly tipo: string;
  readonly ocorridoEm: Date;
  /** JSON. */
  readonly dados: string;
}

/** Place of a row in a list ordered from the newest to the oldest. */
export interface Posicao {
  readonly em: Date;
  readonly id: string;
}

export interface FiltroTransacoes {
  readonly clienteId?: string;
  readonly reservaId?: string;
  readonly pagamentoId?: string;
  readonly tipo?: TransacaoView['tipo'];
  readonly inicio?: Date;
  readonly fim?: Date;
  /** Only what comes after this row. */
  readonly depoisDe?: Posicao;
  readonly limite: number;
}

export interface PagamentosReadModel {
  obter(pagamentoId: string): Promise<PagamentoView | undefined>;
  idPorReserva(reservaId: string): Promise<string | undefined>;
  /** All that is decided on, in one look; undefined when the reservation has not been charged. */
  porReserva(reservaId: string): Promise<PagamentoVersionado | undefined>;
  /** By the payment intent that paid it. */
  idPorIntencao(intencaoId: string): Promise<string | undefined>;
  listarTransacoes(filtro: FiltroTransacoes): Promise<readonly TransacaoView[]>;
  /** Oldest first, from the version after `depoisDe` on. */
  listarEventos(pagamentoId: string, depoisDe: number, limite: number): Promise<readonly EventoView[]>;
  /** As it was after all that had happened up to an instant; undefined when it did not exist yet. */
  obterEm(pagamentoId: string, em: Date): Promise<PagamentoView | undefined>;
}

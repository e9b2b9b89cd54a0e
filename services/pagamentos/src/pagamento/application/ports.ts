import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusPagamento } from '../domain/contas.ts';
import type { Devolvivel } from '../domain/devolvivel.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import type { MovimentoDeCredito } from '../domain/movimento-de-credito.ts';
import type { Cobranca } from '../domain/pagamento.ts';
import type { PagamentosRepository, PagamentoVersionado } from '../domain/pagamentos-repository.ts';

/** Store credit within a transaction, as far as payments take it and give it back. */
export interface CreditosDoPagamento {
  /** Keeps the credit of a customer from all other transactions until this one ends. */
  travar(clienteId: string): Promise<void>;
  /** What a customer can spend now; until this transaction ends no other can. */
  disponivel(clienteId: string, agora: Date): Promise<Dinheiro>;
  /** Carries out what an event means for the customer's credit. @throws Error when the ledger says otherwise. */
  mover(cobranca: Cobranca, movimento: MovimentoDeCredito): Promise<void>;
}

/** What one transaction can change. */
export interface Transacao {
  readonly pagamentos: PagamentosRepository;
  readonly creditos: Pick<CreditosDoPagamento, 'disponivel'>;
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
  readonly evento: PagamentoEvent;
}

/** Reads outside any transaction. */
export interface ConsultaDePagamentos {
  /** As it is, or as it was after all that had happened up to an instant; undefined when it did not exist. */
  findById(pagamentoId: string, em?: Date): Promise<PagamentoView | undefined>;
  idPorReserva(reservaId: string): Promise<string | undefined>;
  /** All that is decided on, in one look; undefined when the reservation has not been charged. */
  porReserva(reservaId: string): Promise<PagamentoVersionado | undefined>;
  /** By the payment intent that paid it. */
  idPorIntencao(intencaoId: string): Promise<string | undefined>;
  /** Oldest first, from the version after `depoisDe` on. */
  listarEventos(pagamentoId: string, depoisDe: number, limite: number): Promise<readonly EventoView[]>;
}

export interface ObservadorDePagamentos {
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

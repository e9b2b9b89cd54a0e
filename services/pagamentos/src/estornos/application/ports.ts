import type { ProviderAwayError } from '@plataforma/domain/work-queue';
import type { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { Estorno } from '../../pagamento/domain/pagamento.ts';
import type { NoticiaDeDisputa } from '../domain/disputa.ts';
import type { NoticiaDeEstorno } from '../domain/estorno.ts';

/** A refund as the provider is asked for it. */
export interface PedidoDeDevolucao
  extends Pick<Estorno, 'numero' | 'valor'>,
    Pick<VezDeEstorno, 'tentativa'> {
  readonly pagamentoId: string;
  readonly reservaId: string;
  readonly intencaoId: string;
}

/** Refunds and disputes at the provider. All methods reject with {@link GatewayError} or {@link ProviderAwayError}. */
export interface GatewayDeEstornos {
  /**
   * Safe to repeat for a day: the same payment, number and attempt answers the same refund. Later, and before another
   * attempt, look for it first.
   */
  devolver(pedido: PedidoDeDevolucao): Promise<NoticiaDeEstorno>;
  consultarEstorno(refundId: string): Promise<NoticiaDeEstorno>;
  consultarDisputa(disputaId: string): Promise<NoticiaDeDisputa>;
  /** All refunds of one capture, those made elsewhere included. */
  listarEstornos(intencaoId: string): Promise<readonly NoticiaDeEstorno[]>;
}

/** Refunds that wait for the provider: to be asked for, or to be heard of. */
export interface FilaDeEstornos {
  /** The next one due, kept from other workers until `posseAte`; none, or one. */
  reivindicar(agora: Date, posseAte: Date): Promise<readonly VezDeEstorno[]>;
  adiar(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void>;
  /** Without a failure: the provider was away. */
  devolver(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void>;
  /**
   * The next request is another one for the provider, once for each that was lost: a worker whose lease has ended must not
   * bring forth a third while the second is on its way, or the provider may carry out both.
   */
  trocarTentativa(vez: Pick<VezDeEstorno, 'pagamentoId' | 'numero' | 'tentativa'>): Promise<void>;
}

export interface VezDeEstorno {
  readonly pagamentoId: string;
  readonly numero: number;
  /** From 1: which request of this refund the provider is to know it by. */
  readonly tentativa: number;
  readonly falhas: number;
  readonly solicitadoEm: Date;
  /** What it follows from. */
  readonly rastro?: Readonly<Record<string, string>>;
}

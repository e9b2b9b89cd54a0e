import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ProviderAwayError } from '@plataforma/domain/work-queue';
import type { GatewayError } from '../../pagamento/application/gateway-error.ts';

export interface PedidoDeCheckout {
  readonly pagamentoId: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly tentativa: number;
  readonly valor: Dinheiro;
  readonly descricao: string;
  readonly expiraEm: Date;
}

export interface SessaoAberta {
  readonly sessaoId: string;
  readonly url: string;
  readonly expiraEm: Date;
}

export interface SituacaoDaSessao {
  readonly situacao: 'ABERTA' | 'PAGA' | 'EXPIRADA';
  readonly valor: Dinheiro;
  readonly intencaoId: string | undefined;
}

/** Payment pages of the provider. All methods reject with {@link GatewayError} or {@link ProviderAwayError}. */
export interface GatewayDeCheckouts {
  /** Safe to repeat: the same payment and attempt answers the same session. */
  abrirCheckout(pedido: PedidoDeCheckout): Promise<SessaoAberta>;
  consultarSessao(sessaoId: string): Promise<SituacaoDaSessao>;
  /**
   * Makes sure that a session cannot be paid any more, and answers how it ended: it may have been paid meanwhile, and
   * stays open only while a payment is just being made.
   *
   * @param vez counts the tries, for the idempotency key
   */
  encerrarSessao(sessaoId: string, vez: number): Promise<SituacaoDaSessao>;
}

/** A charge that waits, and how often in a row it has failed. */
export interface VezDeCobranca {
  readonly pagamentoId: string;
  readonly falhas: number;
  /** Since when nothing has happened to it. */
  readonly paradaDesde: Date;
  /** What it follows from. */
  readonly rastro?: Readonly<Record<string, string>>;
}

/** Charges that wait for the provider to do something. A row appears and goes with the events that make it true. */
export interface FilaDeCobrancas {
  /** The next one due, kept from other workers until `posseAte`; none, or one. */
  reivindicar(agora: Date, posseAte: Date): Promise<readonly VezDeCobranca[]>;
  adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void>;
  /** Without a failure: the provider was away. */
  devolver(pagamentoId: string, tentarEm: Date, erro: string): Promise<void>;
}

export interface ObservadorDeCobrancas {
  checkoutFalhou(pagamentoId: string, erro: GatewayError | ProviderAwayError): void;
  encerramentoFalhou(pagamentoId: string, erro: unknown): void;
}

import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { VezDeEstorno } from '../../estornos/application/filas.ts';
import type { NoticiaDeDisputa } from '../../estornos/domain/disputa.ts';
import type { NoticiaDeEstorno } from '../../estornos/domain/estorno.ts';
import type { Estorno } from '../domain/pagamento.ts';

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

/** A refund as the provider is asked for it. */
export interface PedidoDeDevolucao
  extends Pick<Estorno, 'numero' | 'valor'>,
    Pick<VezDeEstorno, 'tentativa'> {
  readonly pagamentoId: string;
  readonly reservaId: string;
  readonly intencaoId: string;
}

/** The payment provider. All methods reject with {@link GatewayError}. */
export interface GatewayPagamento {
  /** Safe to repeat: the same payment and attempt answers the same session. */
  abrirCheckout(pedido: PedidoDeCheckout): Promise<SessaoAberta>;
  consultarSessao(sessaoId: string): Promise<SituacaoDaSessao>;
  /**
   * Makes sure that nobody can pay a session any more, and answers how it ended: it may have been paid meanwhile, and
   * stays open only while a payment is just being made.
   *
   * @param vez counts the tries, for the idempotency key
   */
  encerrarSessao(sessaoId: string, vez: number): Promise<SituacaoDaSessao>;
  /**
   * Safe to repeat for a day: the same payment, number and attempt answers the same refund. Later, and before another
   * attempt, look for it first.
   */
  devolver(pedido: PedidoDeDevolucao): Promise<NoticiaDeEstorno>;
  consultarEstorno(refundId: string): Promise<NoticiaDeEstorno>;
  consultarDisputa(disputaId: string): Promise<NoticiaDeDisputa>;
  /** Which payment a capture was asked for by; undefined when somebody else made it. */
  pagamentoDaIntencao(intencaoId: string): Promise<string | undefined>;
  /** All refunds of one capture, those made elsewhere included. */
  listarEstornos(intencaoId: string): Promise<readonly NoticiaDeEstorno[]>;
}

/**
 * `INDISPONIVEL`: it may have happened, ask again. `TENTATIVA_PERDIDA`: this attempt will never be accepted any more,
 * make another. `EM_DISPUTA`: the same, and only once the customer's bank has given the money free. `RECUSADO`: the request
 * or the credentials are wrong, somebody has to look.
 */
export type FalhaDoGateway = 'INDISPONIVEL' | 'TENTATIVA_PERDIDA' | 'EM_DISPUTA' | 'RECUSADO';

export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly falha: FalhaDoGateway;
  /** Only of a request that the provider understood and refused: its stable code. */
  readonly codigo: string | undefined;

  constructor(falha: FalhaDoGateway, message: string, options?: ErrorOptions & { codigo?: string }) {
    super(message, options);
    this.falha = falha;
    this.codigo = options?.codigo;
  }
}

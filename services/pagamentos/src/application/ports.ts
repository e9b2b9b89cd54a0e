import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { NoticiaDeEstorno } from '../domain/estorno.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import type { EstadoPagamento, Estorno, StatusPagamento } from '../domain/pagamento.ts';

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
   * Appends after `atual.versao`, and updates projections and outbox in the same transaction. No event: no effect.
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
  /** Notes that a webhook has been dealt with; false when it had been before. */
  concluirWebhook(eventoId: string, resultado: 'PROCESSADO' | 'IGNORADO', em: Date): Promise<boolean>;
}

export interface UnitOfWork {
  /** One database transaction; whatever `work` throws rolls it back. */
  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T>;
}

export interface PagamentoView {
  readonly id: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  readonly status: StatusPagamento;
  readonly checkoutUrl: string;
  readonly estornado: Dinheiro;
  readonly recusas: number;
  readonly criadoEm: Date;
  readonly aprovadoEm: Date | undefined;
  readonly atualizadoEm: Date;
  /** Until when the checkout can be paid; until when the slot is held while there is none. */
  readonly expiraEm: Date;
}

export interface TransacaoView {
  readonly id: string;
  readonly pagamentoId: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly tipo: 'CAPTURA' | 'ESTORNO' | 'ESTORNO_DEVOLVIDO';
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
  readonly inicio?: Date;
  readonly fim?: Date;
  /** Only what comes after this row. */
  readonly depoisDe?: Posicao;
  readonly limite: number;
}

export interface PagamentosReadModel {
  obter(pagamentoId: string): Promise<PagamentoView | undefined>;
  idPorReserva(reservaId: string): Promise<string | undefined>;
  /** By the payment intent that paid it. */
  idPorIntencao(intencaoId: string): Promise<string | undefined>;
  listarTransacoes(filtro: FiltroTransacoes): Promise<readonly TransacaoView[]>;
  listarEventos(pagamentoId: string): Promise<readonly EventoView[]>;
}

/** Charges that wait for the provider to do something. A row appears and goes with the events that make it true. */
export interface FilaDeCobrancas {
  /** The next one due, kept from other workers until `posseAte`. */
  reivindicar(agora: Date, posseAte: Date): Promise<{ pagamentoId: string; falhas: number } | undefined>;
  adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void>;
}

/** Refunds that wait for the provider: to be asked for, or to be heard of. */
export interface FilaDeEstornos {
  reivindicar(agora: Date, posseAte: Date): Promise<VezDeEstorno | undefined>;
  adiar(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void>;
  /** The next request is another one for the provider. */
  trocarTentativa(pagamentoId: string, numero: number): Promise<void>;
}

export interface VezDeEstorno {
  readonly pagamentoId: string;
  readonly numero: number;
  /** From 1: which request of this refund the provider is to know it by. */
  readonly tentativa: number;
  readonly falhas: number;
}

export interface WebhookRecebido {
  /** Identity of the event at the provider. */
  readonly id: string;
  readonly tipo: string;
  /** The body as it was signed. */
  readonly payload: string;
}

/** Tells webhooks of the provider from everything else. */
export interface VerificadorDeWebhooks {
  /** @param corpo the bytes as they came */
  verificar(
    corpo: Buffer,
    assinatura: string | undefined,
    agora: Date,
  ): { readonly webhook: WebhookRecebido } | { readonly recusado: string };
}

export interface WebhookReivindicado extends WebhookRecebido {
  /** Attempts so far, this one included. */
  readonly tentativas: number;
}

/** Webhooks are stored before anything is done about them. */
export interface CaixaDeWebhooks {
  /** False when this event was stored before. */
  guardar(webhook: WebhookRecebido, em: Date): Promise<boolean>;
  /** The next one due, kept from other workers until `posseAte`: after a crash it is due again. */
  reivindicar(agora: Date, posseAte: Date): Promise<WebhookReivindicado | undefined>;
  adiar(id: string, tentarEm: Date, erro: string): Promise<void>;
  /** Given up: somebody has to look. */
  estacionar(id: string, erro: string, em: Date): Promise<void>;
}

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
  /** Which payment a capture was asked for by; undefined when somebody else made it. */
  pagamentoDaIntencao(intencaoId: string): Promise<string | undefined>;
  /** All refunds of one capture, those made elsewhere included. */
  listarEstornos(intencaoId: string): Promise<readonly NoticiaDeEstorno[]>;
}

/**
 * `INDISPONIVEL`: it may have happened, ask again. `TENTATIVA_PERDIDA`: this attempt will never be accepted any more,
 * make another. `RECUSADO`: the request or the credentials are wrong, somebody has to look.
 */
export type FalhaDoGateway = 'INDISPONIVEL' | 'TENTATIVA_PERDIDA' | 'RECUSADO';

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

/** What a webhook says, in the words of the domain. */
export type Fato =
  | {
      readonly tipo: 'PAGO';
      readonly pagamentoId: string;
      readonly intencaoId: string;
      readonly valor: Dinheiro;
    }
  | {
      readonly tipo: 'RECUSADO';
      readonly pagamentoId: string;
      readonly recusaId: string;
      readonly codigo: string;
    }
  | { readonly tipo: 'EXPIRADO'; readonly pagamentoId: string; readonly sessaoId: string }
  | {
      readonly tipo: 'ESTORNOS';
      readonly pagamentoId: string;
      readonly noticias: readonly NoticiaDeEstorno[];
    }
  | {
      readonly tipo: 'DISPUTA_ABERTA';
      readonly pagamentoId: string;
      readonly disputaId: string;
      readonly motivo: string;
      readonly valor: Dinheiro;
    }
  | {
      readonly tipo: 'DISPUTA_ENCERRADA';
      readonly pagamentoId: string;
      readonly disputaId: string;
      readonly resultado: string;
    }
  | { readonly tipo: 'IRRELEVANTE' };

export interface InterpreteDeWebhooks {
  /** May ask the provider how things stand now. @throws GatewayError, or Error when the payload makes no sense. */
  interpretar(webhook: WebhookRecebido): Promise<Fato>;
}

/** How an attempt to deal with a webhook ended. */
type ResultadoDoWebhook = 'processado' | 'ignorado' | 'adiado' | 'estacionado';

export type EstadoDoDisjuntor = 'closed' | 'half-open' | 'open';

/** Business metrics and logs: the only way out for what operators should see. */
export interface Observacao {
  webhookTratado(webhook: WebhookRecebido, resultado: ResultadoDoWebhook, erro?: unknown): void;
  checkoutFalhou(pagamentoId: string, erro: GatewayError): void;
  /** The circuit breaker around the provider. */
  disjuntorMudou(estado: EstadoDoDisjuntor): void;
  encerramentoFalhou(pagamentoId: string, erro: unknown): void;
  /** A refund was not made yet, and will be tried again. */
  estornoAdiado(pagamentoId: string, numero: number, erro: unknown): void;
  reconciliado(
    divergencias: ReadonlyArray<{ pagamentoId: string; detalhe: string; reparada: boolean }>,
  ): void;
  /** Committed. */
  gravados(pagamentoId: string, eventos: readonly PagamentoEvent[]): void;
}

/** How the reservation of a payment went on: either way, its money has found its place. */
export type DesfechoDaReserva = 'CONFIRMADA' | 'CANCELADA';

export interface RecorteDaReconciliacao {
  readonly agora: Date;
  readonly criadosAntesDe: Date;
  /** Open charges that were compared since then are left out; likewise captured ones. */
  readonly abertosVistosAntesDe: Date;
  readonly pagosVistosAntesDe: Date;
}

/** What should not last; each list names at most a thousand. */
export interface ContasEmAberto {
  /** Captured minutes ago: no reservation confirmed, none cancelled, nothing given back. */
  readonly semReserva: readonly string[];
  readonly estornosAtrasados: readonly string[];
  readonly encerramentosAtrasados: readonly string[];
}

export interface PainelDeReconciliacao {
  /** The next payment that is to be compared with the provider, noted as compared. */
  reivindicar(recorte: RecorteDaReconciliacao): Promise<string | undefined>;
  /** It could not be compared after all: it is the next one again. */
  soltar(pagamentoId: string): Promise<void>;
  registrar(reservaId: string, desfecho: DesfechoDaReserva, em: Date): Promise<void>;
  contas(agora: Date): Promise<ContasEmAberto>;
}

/** Store credit of customers, in BRL. Safe to use by several at once: no credit is spent twice. */
export interface LivroDeCreditos {
  /**
   * Gives credit for 365 days.
   *
   * @param motivo what for, as an identity: the same one again gives nothing and answers false
   */
  conceder(clienteId: string, valor: Dinheiro, motivo: string, em: Date): Promise<boolean>;
  /** What can be spent now. */
  saldo(clienteId: string, agora: Date): Promise<Dinheiro>;
  /** Spends up to `valor`, oldest credit first, and answers how much; once for each payment. */
  usar(clienteId: string, valor: Dinheiro, pagamentoId: string, em: Date): Promise<Dinheiro>;
  /** Takes back what was not spent in time, up to a hundred lots; answers how many. */
  expirar(agora: Date): Promise<number>;
}

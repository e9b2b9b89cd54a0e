import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import type { ExtraReservado } from '../../precos/domain/extras.ts';
import type { Preco } from '../../precos/domain/precificacao.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { ExcecaoCancelamento, PoliticaCancelamento } from './politica-cancelamento.ts';

/** The place of a reservation in its series. */
export interface LugarNaSerie {
  readonly serieId: string;
  readonly numero: number;
  /** The local date that the rule gave it. */
  readonly data: string;
}

/** Who caused a change, why, and when. */
export interface Autoria {
  readonly quem: string;
  readonly porque: string;
  readonly em: Date;
}

/** One step in the life of a reservation; `versao` counts them from 1. */
export interface Mudanca extends Autoria {
  readonly versao: number;
  readonly de: StatusReserva | undefined;
  readonly para: StatusReserva;
}

/** A step as the history keeps it. */
export interface PassoHistorico extends Mudanca {
  readonly evento: string;
}

/** Why a payment cannot be used. */
export type MotivoNaoAproveitado =
  | 'SLOT_OCUPADO'
  | 'RESERVA_CANCELADA'
  | 'OUTRO_PAGAMENTO'
  | 'VALOR_DIVERGENTE'
  | 'RESERVA_INEXISTENTE';

/** What happened to a reservation. Everything goes to its history; some of it is told to the other services. */
export type ReservaEvent = { readonly mudanca: Mudanca } & (
  | { readonly tipo: 'ReservaCriada' }
  /** By its customer: their credit may pay. */
  | { readonly tipo: 'ReservaAceita' }
  | { readonly tipo: 'CobrancaRegistrada'; readonly pagamentoId: string }
  | { readonly tipo: 'PagamentoRecusado'; readonly pagamentoId: string }
  /** Without a payment when there was nothing to pay. */
  | { readonly tipo: 'ReservaConfirmada'; readonly pagamentoId: string | undefined }
  | { readonly tipo: 'ReservaExpirando' }
  | { readonly tipo: 'ExpiracaoReanunciada' }
  | { readonly tipo: 'ReservaExpirada' }
  | {
      readonly tipo: 'PagamentoNaoAproveitado';
      readonly pagamentoId: string;
      readonly motivo: MotivoNaoAproveitado;
    }
  /** Said again to pagamentos, which had not heard it. */
  | { readonly tipo: 'PagamentoAproveitado'; readonly pagamentoId: string }
  | { readonly tipo: 'ReservaCancelada'; readonly cancelamento: Cancelamento }
  /** Said again, because no refund was heard of. */
  | { readonly tipo: 'CancelamentoReanunciado'; readonly cancelamento: Cancelamento }
  /** pagamentos has nothing left that could go back. */
  | { readonly tipo: 'DevolucaoDispensada' }
  /** pagamentos gives back nothing of what the cancellation asks for: somebody has to act. */
  | { readonly tipo: 'DevolucaoRecusada' }
  | { readonly tipo: 'EstornoAtualizado'; readonly pagamentoId: string }
  /** Something but a refund of ours has changed what can still go back. */
  | { readonly tipo: 'DevolvivelAtualizado'; readonly pagamentoId: string }
  | { readonly tipo: 'ReservaConcluida' }
);

/** What is frozen when a reservation is made. */
export interface DadosReserva {
  readonly id: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly espacoNome: string;
  readonly espacoEndereco: string;
  readonly fusoHorario: string;
  readonly periodo: PeriodoReserva;
  /** Undefined when it was booked by itself. */
  readonly serie: LugarNaSerie | undefined;
  readonly folgaMinutos: number;
  readonly preco: Preco;
  readonly extras: readonly ExtraReservado[];
  readonly politica: PoliticaCancelamento;
  readonly cotacaoId: string | undefined;
  /** Why it may stand nearer to its neighbours than their buffers; undefined when it may not. */
  readonly dispensaDeFolga: string | undefined;
  /** The customer keeps their store credit for later. */
  readonly guardarCreditos: boolean;
}

/** What pagamentos was told, and has not answered. */
export interface Anuncios {
  /** How often it was told. */
  readonly anuncios: number;
  /** When it is told again. */
  readonly proximoAnuncioEm: Date;
}

/** The wait for pagamentos to say what became of the charge of a hold that ran out. */
export interface Expiracao extends Anuncios {
  readonly desde: Date;
}

/** What is told with a payment. */
export interface DetalhesDoPagamento {
  /** What was paid, by credit and by card together. Default the price. */
  readonly valor?: Dinheiro | undefined;
  /** The part that store credit has paid. Default none. */
  readonly creditosUsados?: Dinheiro | undefined;
  /** What was decided before is to be said again. Default: repetitions are passed over. */
  readonly pedeDesfecho?: boolean | undefined;
}

/** What a cancellation decided; what goes back is what pagamentos then says that it gives back. */
export interface Cancelamento {
  readonly em: Date;
  /** Empty when none was given. */
  readonly motivo: string;
  readonly excecao: ExcecaoCancelamento | undefined;
  readonly reembolso: Dinheiro;
  /** The part of `reembolso` that comes back as store credit; missing where that was not noted. */
  readonly reembolsoCreditos?: Dinheiro;
  readonly creditoBonus: Dinheiro;
}

export const STATUS_ESTORNO = ['SOLICITADO', 'CONCLUIDO', 'FALHOU'] as const;

export type StatusEstorno = (typeof STATUS_ESTORNO)[number];

/** How far a refund of the payment is; `numero` counts the refunds of a payment from 1. */
export interface Estorno {
  readonly numero: number;
  readonly status: StatusEstorno;
  /** What goes back; missing where the event did not say. */
  readonly valor?: Dinheiro;
}

/** What of the payment can still go back, as pagamentos told with a version of the payment. */
export interface Devolvivel {
  readonly versao: number;
  /** By store credit and by card together. */
  readonly valor: Dinheiro;
  readonly creditos: Dinheiro;
}

/** What pagamentos tells with a movement of money. */
export interface NoticiaDeEstorno {
  /** Missing when it is no refund of ours, such as a lost dispute. */
  readonly estorno?: Estorno;
  readonly devolvivel?: Devolvivel;
  /** The refund that it is part of, and who asked for that; missing where the event did not say. */
  readonly pedido?: { readonly origem: string; readonly valor: Dinheiro; readonly creditos: Dinheiro };
}

/** A reservation as it is stored. */
export interface EstadoReserva extends DadosReserva {
  /** The customer, or who booked for them: a person's id, or `servico:` and a name. */
  readonly criadaPor: string;
  readonly status: StatusReserva;
  readonly versao: number;
  readonly expiraEm: Date;
  readonly criadoEm: Date;
  readonly atualizadoEm: Date;
  /** When the customer took what somebody else held for them, or asked for their credit to be used. */
  readonly aceitaEm: Date | undefined;
  readonly checkoutUrl: string | undefined;
  readonly pagamentoId: string | undefined;
  readonly confirmadoEm: Date | undefined;
  /** When pagamentos' word that the payment came in was taken; undefined while there is none. */
  readonly pagoEm: Date | undefined;
  /** What store credit paid; zero before it is confirmed. */
  readonly creditosUsados: Dinheiro;
  readonly expiracao: Expiracao | undefined;
  /** The wait for the first news of the refund that a cancellation asks for. */
  readonly devolucao: Anuncios | undefined;
  readonly cancelamento: Cancelamento | undefined;
  /** The latest one. */
  readonly estorno: Estorno | undefined;
  /** All of them, by number. */
  readonly estornos: readonly Estorno[];
  /** Undefined while pagamentos has told nothing of it. */
  readonly devolvivel: Devolvivel | undefined;
  /** A payment that was given back because it came too late. */
  readonly pagamentoNaoAproveitado: string | undefined;
}

import type { DadosAvisoDeSeguranca, DadosRedefinicaoSenha, DadosTrocaDeEmail } from './aviso.ts';
import type { DadosWebhookDesativado } from './desativacao.ts';
import type { DadosContatosNaoEntregaveis } from './devolucoes.ts';

/**
 * What every message about a reservation can say of it. Plain JSON, like all data of messages, and kept with each of them under these
 * names: a message that waits while the software is replaced is read by them.
 */
export interface DetalhesDaReserva {
  readonly reservaId: string;
  readonly espacoNome: string;
  /** Instant in ISO 8601, UTC. */
  readonly inicio: string;
  readonly fim: string;
  /** IANA time zone of the space. */
  readonly fusoHorario: string;
  /** The series it belongs to; left out when it was booked by itself. */
  readonly serieId?: string;
}

/** What the message about a confirmed reservation says. */
export interface DadosReservaConfirmada extends DetalhesDaReserva {
  readonly pagamentoId: string;
  /** Empty when the space has none. */
  readonly espacoEndereco: string;
  /** Whole cents in decimal: JSON has no bigint. */
  readonly valorCentavos: string;
  readonly moeda: string;
  /** When the reservation was confirmed. */
  readonly confirmadaEm: string;
  /** Version of the reservation: what calendars order its entries by. Missing in messages of before it was told. */
  readonly versao?: number;
}

/** What the message about a cancelled reservation says. */
export interface DadosReservaCancelada extends DetalhesDaReserva {
  /** Empty when none was given. */
  readonly motivo: string;
  /** Empty when there was no payment. */
  readonly pagamentoId: string;
  /** What goes back; `0` for nothing. */
  readonly reembolsoCentavos: string;
  /** The part of it that comes back as store credit; left out where pagamentos has not said. */
  readonly reembolsoCreditosCentavos?: string;
  /** What goes back is not known yet: the amounts of the refund are not told. Left out when it is. */
  readonly aConfirmar?: true;
  /** Extra store credit; `0` for none. */
  readonly creditoCentavos: string;
  readonly moeda: string;
  readonly canceladaEm: string;
  /** Version of the reservation, as in the confirmation. */
  readonly versao?: number;
  /** Whether there may be an entry in a calendar to take away. */
  readonly comCalendario: boolean;
}

/** What the message about a reservation that waits for its payment says. */
export interface DadosReservaRecebida extends DetalhesDaReserva {
  readonly valorCentavos: string;
  readonly moeda: string;
  /** What their store credit has paid of it; left out for nothing. */
  readonly creditosCentavos?: string;
  /** Until when it can be paid. */
  readonly expiraEm: string;
  /** Where. */
  readonly checkoutUrl: string;
}

/** What the message about a payment says whose reservation is not confirmed yet. */
export interface DadosPagamentoAprovado {
  readonly reservaId: string;
  readonly pagamentoId: string;
  readonly valorCentavos: string;
  readonly moeda: string;
  /** Left out when no event has told which space and when. */
  readonly reserva?: DetalhesDaReserva;
}

/** What the message about a declined card says. */
export interface DadosPagamentoRecusado extends DetalhesDaReserva {
  /** Until when another card can be tried. */
  readonly expiraEm: string;
  /** Where; empty when that is not known. */
  readonly checkoutUrl: string;
}

/** What the message about a slot that is held for its reader, who accepts it or pays it, says. */
export interface DadosVagaOferecida extends DetalhesDaReserva {
  /** `0` when there is nothing to pay. */
  readonly valorCentavos: string;
  readonly moeda: string;
  /** Until when. */
  readonly expiraEm: string;
  /** Where it can be paid; empty when there is nothing to pay. */
  readonly checkoutUrl: string;
  /** True when another person has booked it for them; left out when they waited for it in line. */
  readonly porPessoa?: true;
  /** What their store credit has paid of it; left out for nothing. */
  readonly creditosCentavos?: string;
}

/** What the message about a hold that ended unpaid says. */
export interface DadosReservaExpirada extends DetalhesDaReserva {
  /** True when the hold was an offer of the waitlist; left out otherwise. */
  readonly ofertaDaFila?: true;
}

/** What the message about money that is on its way back says. */
export interface DadosEstornoSolicitado extends DadosPagamentoAprovado {
  /** Why: the reservation could not take the payment, more was captured than charged, or somebody asked for it. */
  readonly porque: 'NAO_APROVEITADO' | 'EXCEDENTE' | 'PEDIDO';
  /** The part that comes back as store credit; left out for none. */
  readonly creditosCentavos?: string;
}

/** What the message about money that is back says. */
export interface DadosEstornoConcluido {
  readonly reservaId: string;
  readonly pagamentoId: string;
  readonly valorCentavos: string;
  readonly moeda: string;
  /** It came back as store credit; left out when it went to the card. */
  readonly emCreditos?: boolean;
  /** The part that came back as store credit, of a refund that took both ways; left out otherwise. */
  readonly creditosCentavos?: string;
  /** The surplus of a capture above the charge; left out otherwise. */
  readonly excedente?: boolean;
  /** Left out when no event has told which space and when. */
  readonly reserva?: DetalhesDaReserva;
}

/** What the message about money that could not be given back says. */
export interface DadosEstornoFalhou {
  readonly reservaId: string;
  readonly pagamentoId: string;
  readonly valorCentavos: string;
  readonly moeda: string;
  /** It was announced as done before; left out otherwise. */
  readonly devolvido?: true;
  /** The customer's bank has taken the money back itself; left out otherwise. */
  readonly contestado?: true;
  /** Left out when no event has told which space and when. */
  readonly reserva?: DetalhesDaReserva;
}

/** What the reminder says. */
export interface DadosLembreteReserva extends DetalhesDaReserva {
  /** Empty when the space has none. */
  readonly espacoEndereco: string;
}

/** What the message that verifies an address says. */
export interface DadosBoasVindas {
  /** Proves that the message was read. Erased once it is sent. */
  readonly codigo: string;
}

/** What the text message that proves a telephone says. All of it is erased once it is sent. */
export interface DadosCodigoDeTelefone {
  readonly codigo: string;
  /** Where it goes, in E.164, and nowhere else. */
  readonly telefone: string;
}

/** What a message is about and what it says; stored until it is sent. One template each. */
export interface DadosPorModelo {
  readonly RESERVA_RECEBIDA: DadosReservaRecebida;
  readonly RESERVA_CONFIRMADA: DadosReservaConfirmada;
  readonly RESERVA_CANCELADA: DadosReservaCancelada;
  readonly RESERVA_EXPIRADA: DadosReservaExpirada;
  readonly LEMBRETE_RESERVA: DadosLembreteReserva;
  readonly PAGAMENTO_RECUSADO: DadosPagamentoRecusado;
  readonly PAGAMENTO_APROVADO: DadosPagamentoAprovado;
  readonly ESTORNO_SOLICITADO: DadosEstornoSolicitado;
  readonly ESTORNO_CONCLUIDO: DadosEstornoConcluido;
  readonly ESTORNO_FALHOU: DadosEstornoFalhou;
  readonly VAGA_OFERECIDA: DadosVagaOferecida;
  readonly BOAS_VINDAS: DadosBoasVindas;
  readonly AVISO_DE_SEGURANCA: DadosAvisoDeSeguranca;
  readonly REDEFINICAO_SENHA: DadosRedefinicaoSenha;
  readonly TROCA_DE_EMAIL: DadosTrocaDeEmail;
  readonly WEBHOOK_DESATIVADO: DadosWebhookDesativado;
  readonly CONTATOS_NAO_ENTREGAVEIS: DadosContatosNaoEntregaveis;
  readonly CODIGO_DE_TELEFONE: DadosCodigoDeTelefone;
}

export type Modelo = keyof DadosPorModelo;

/** A model together with the data that its template takes. */
export type ModeloComDados = {
  readonly [M in Modelo]: { readonly modelo: M; readonly dados: DadosPorModelo[M] };
}[Modelo];

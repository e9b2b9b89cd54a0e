import type { Rascunho } from '../../mensagens/domain/notificacao.ts';
import type {
  DadosReservaCancelada,
  DadosReservaConfirmada,
  DadosReservaRecebida,
  DadosVagaOferecida,
  DetalhesDaReserva,
  Modelo,
} from '../../modelos/domain/modelo.ts';
import type { MovimentoDeVolta } from './devolucoes.ts';

/** What is known here of a reservation. Versions are those of its aggregate; 0 means that it did not happen. */
export interface ReservaAcompanhada {
  readonly reservaId: string;
  readonly confirmadaNaVersao: number;
  readonly canceladaNaVersao: number;
  readonly expiradaNaVersao: number;
  /** Undefined while no event has told them. */
  readonly detalhes: DetalhesDaReserva | undefined;
  readonly detalhesDaVersao: number;
  /** End of the hold. */
  readonly expiraEm: Date | undefined;
  /** Where the customer pays; empty when that is not known. */
  readonly checkoutUrl: string;
  /** Version of the payment that the address is of. */
  readonly checkoutDaVersao: number;
  /** What is held for the customer to accept; undefined when they booked for themselves. */
  readonly oferta: Oferta | undefined;
  /** What is to be paid there; undefined while that is not known. */
  readonly cobranca: Cobranca | undefined;
  /** When it was paid; undefined as long as that was not heard of. */
  readonly aprovadaEm: Date | undefined;
  /** Declined cards, as events, of which the customer could not be told yet. */
  readonly recusas: readonly string[];
  /** Movements of money back that are under way, and those of the cancellation. */
  readonly movimentos: readonly MovimentoDeVolta[];
  /** The cancellation that waits for pagamentos to say what goes back. */
  readonly cancelamento: DadosReservaCancelada | undefined;
  /** When pagamentos last said that nothing is left to pay or to give back. */
  readonly cobrancaCanceladaEm: Date | undefined;
}

/** Plain JSON. */
export type Cobranca = Pick<DadosReservaRecebida, 'valorCentavos' | 'moeda' | 'creditosCentavos'>;

/** A slot that is held for the first in line, or that one person has booked for another. Plain JSON. */
export type Oferta = Pick<DadosVagaOferecida, 'valorCentavos' | 'moeda' | 'expiraEm' | 'porPessoa'>;

/** Something that happened to a reservation. Facts come more than once, late and in any order. */
export type Fato =
  | {
      readonly tipo: 'CRIADA';
      readonly versao: number;
      readonly detalhes: DetalhesDaReserva;
      readonly expiraEm: Date;
    }
  | { readonly tipo: 'CONFIRMADA'; readonly versao: number; readonly dados: DadosReservaConfirmada }
  | {
      readonly tipo: 'CANCELADA';
      readonly versao: number;
      readonly dados: Omit<DadosReservaCancelada, 'comCalendario'>;
      /** The customer gave it up before it was paid. */
      readonly desistencia?: boolean;
    }
  | { readonly tipo: 'EXPIRADA'; readonly versao: number }
  | {
      readonly tipo: 'COBRANCA_CRIADA';
      readonly versao: number;
      readonly checkoutUrl: string;
      /** Undefined when the event does not say it. */
      readonly cobranca: Cobranca | undefined;
    }
  | {
      readonly tipo: 'PAGAMENTO_APROVADO';
      readonly pagamentoId: string;
      readonly valorCentavos: string;
      readonly moeda: string;
      readonly em: Date;
    }
  | { readonly tipo: 'CARTAO_RECUSADO'; readonly eventoId: string }
  | {
      readonly tipo: 'VAGA_OFERECIDA';
      readonly detalhes: DetalhesDaReserva;
      readonly oferta: Oferta;
    }
  | { readonly tipo: 'ESTORNO'; readonly movimento: MovimentoDeVolta }
  | { readonly tipo: 'COBRANCA_CANCELADA'; readonly em: Date };

/** What else matters when a fact comes. */
export interface Contexto {
  readonly agora: Date;
  /** Whether the customer was, or is about to be, told that the reservation is confirmed. */
  readonly confirmacaoEscrita: boolean;
}

/** What follows from a fact. */
export interface Consequencia {
  readonly depois: ReservaAcompanhada;
  readonly mensagens: readonly Rascunho[];
  /** Messages of these models that were not sent yet are not news any more. */
  readonly retirar: readonly Modelo[];
}

/** A reservation of which nothing is known. */
export const desconhecida = (reservaId: string): ReservaAcompanhada => ({
  reservaId,
  confirmadaNaVersao: 0,
  canceladaNaVersao: 0,
  expiradaNaVersao: 0,
  detalhes: undefined,
  detalhesDaVersao: 0,
  expiraEm: undefined,
  checkoutUrl: '',
  checkoutDaVersao: 0,
  oferta: undefined,
  cobranca: undefined,
  aprovadaEm: undefined,
  recusas: [],
  movimentos: [],
  cancelamento: undefined,
  cobrancaCanceladaEm: undefined,
});

/** With what a newer event says of the space. */
export function comDetalhes(
  antes: ReservaAcompanhada,
  versao: number,
  detalhes: DetalhesDaReserva,
): ReservaAcompanhada {
  return versao > antes.detalhesDaVersao ? { ...antes, detalhes, detalhesDaVersao: versao } : antes;
}

export function detalhesDe(dados: DetalhesDaReserva): DetalhesDaReserva {
  const { reservaId, espacoNome, inicio, fim, fusoHorario, serieId } = dados;
  return { reservaId, espacoNome, inicio, fim, fusoHorario, ...(serieId !== undefined && { serieId }) };
}

/** Nothing follows but what is known. */
export const nada = (depois: ReservaAcompanhada): Consequencia => ({ depois, mensagens: [], retirar: [] });

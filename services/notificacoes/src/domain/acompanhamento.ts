import type { DadosReservaCancelada, DadosReservaConfirmada, Modelo, Rascunho } from './notificacao.ts';

/** What is known here of a reservation. Versions are those of its aggregate; 0 means that it did not happen. */
export interface ReservaAcompanhada {
  readonly reservaId: string;
  readonly confirmadaNaVersao: number;
  readonly canceladaNaVersao: number;
}

/** Something that happened to a reservation. Facts come more than once, late and in any order. */
export type Fato =
  | { readonly tipo: 'CONFIRMADA'; readonly versao: number; readonly dados: DadosReservaConfirmada }
  | {
      readonly tipo: 'CANCELADA';
      readonly versao: number;
      readonly dados: Omit<DadosReservaCancelada, 'comCalendario'>;
    };

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
});

/**
 * What the customer is to be told now that a fact is known, and what no longer. A cancellation is final: whatever comes
 * to be known after it is history, and not told.
 */
export function acompanhar(antes: ReservaAcompanhada, fato: Fato, contexto: Contexto): Consequencia {
  switch (fato.tipo) {
    case 'CONFIRMADA':
      return confirmada(antes, fato);
    case 'CANCELADA':
      return cancelada(antes, fato, contexto);
  }
}

type Sobre<T extends Fato['tipo']> = Extract<Fato, { tipo: T }>;

function confirmada(antes: ReservaAcompanhada, { versao, dados }: Sobre<'CONFIRMADA'>): Consequencia {
  const depois = { ...antes, confirmadaNaVersao: versao };
  if (antes.canceladaNaVersao > 0) return nada(depois);
  return { depois, mensagens: [{ modelo: 'RESERVA_CONFIRMADA', dados }], retirar: [] };
}

function cancelada(
  antes: ReservaAcompanhada,
  { versao, dados }: Sobre<'CANCELADA'>,
  { confirmacaoEscrita }: Contexto,
): Consequencia {
  return {
    depois: { ...antes, canceladaNaVersao: versao },
    mensagens: [{ modelo: 'RESERVA_CANCELADA', dados: { ...dados, comCalendario: confirmacaoEscrita } }],
    retirar: ['RESERVA_CONFIRMADA'],
  };
}

const nada = (depois: ReservaAcompanhada): Consequencia => ({ depois, mensagens: [], retirar: [] });

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
  /** Changed within a day: the ledger of credits keeps another amount for them than their events say. */
  readonly creditosDivergentes: readonly string[];
}

export interface PainelDeReconciliacao {
  /** The next payment that is to be compared with the provider, noted as compared. */
  reivindicar(recorte: RecorteDaReconciliacao): Promise<string | undefined>;
  /** It could not be compared after all: it is the next one again. */
  soltar(pagamentoId: string): Promise<void>;
  registrar(reservaId: string, desfecho: DesfechoDaReserva, em: Date): Promise<void>;
  contas(agora: Date): Promise<ContasEmAberto>;
}

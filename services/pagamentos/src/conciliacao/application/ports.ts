/** A payment by which a reservation was confirmed: its money has found its place. */
export interface PagamentoAproveitado {
  readonly reservaId: string;
  readonly pagamentoId: string;
}

/** What should not last; each list names at most a thousand. */
export interface ContasEmAberto {
  /** Captured minutes ago: no reservation was confirmed by it, nothing given back. */
  readonly semReserva: readonly string[];
  readonly estornosAtrasados: readonly string[];
  readonly encerramentosAtrasados: readonly string[];
  /** Changed within a day: the ledger of credits keeps another amount for them than their events say. */
  readonly creditosDivergentes: readonly string[];
}

export interface PainelDeReconciliacao {
  /** Takes payments that are due to be compared with the provider, open and captured ones in turns. */
  reivindicar(agora: Date, posseAte: Date, limite: number): Promise<readonly string[]>;
  /**
   * They were compared: captured ones are due again at `pagasEm`, or not any more when they were approved before
   * `seguidasDesde`; open ones when they are given back.
   */
  comparados(ids: readonly string[], pagasEm: Date, seguidasDesde: Date): Promise<void>;
  /** They could not be compared after all: they are due. */
  soltar(ids: readonly string[], agora: Date): Promise<void>;
  /** Those that the provider can be asked about, due or not, by id. */
  todos(depoisDe: string, limite: number): Promise<readonly string[]>;
  registrar(pagamento: PagamentoAproveitado, em: Date): Promise<void>;
  semReserva(agora: Date): Promise<readonly string[]>;
  contas(agora: Date): Promise<ContasEmAberto>;
}

/** What a cancellation gives back from some time before the start on. */
export interface FaixaCancelamento {
  /** The row applies when at least this many minutes are left before the start. */
  readonly antecedenciaMinimaMinutos: number;
  readonly percentualReembolso: number;
  readonly clientePode: boolean;
}

/** The cancellation policy that is copied to a reservation when it is made. */
export interface PoliticaCancelamento {
  /** From the longest time left to the shortest. */
  readonly faixas: readonly FaixaCancelamento[];
  /** Minutes after booking in which the customer may cancel with everything back; 0 is off. */
  readonly carenciaMinutos: number;
  /** Extra credit for a problem of the space, in percent of what was paid. */
  readonly bonusPercentual: number;
}

export const POLITICA_PADRAO: PoliticaCancelamento = {
  faixas: [
    { antecedenciaMinimaMinutos: 24 * 60, percentualReembolso: 100, clientePode: true },
    { antecedenciaMinimaMinutos: 12 * 60, percentualReembolso: 50, clientePode: true },
    { antecedenciaMinimaMinutos: 0, percentualReembolso: 0, clientePode: false },
  ],
  carenciaMinutos: 0,
  bonusPercentual: 10,
};

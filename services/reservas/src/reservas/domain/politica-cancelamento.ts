/** What a cancellation gives back from some time before the start on. */
export interface FaixaCancelamento {
  /** The row applies when at least this many minutes are left before the start. */
  readonly antecedenciaMinimaMinutos: number;
  readonly percentualReembolso: number;
  readonly clientePode: boolean;
}

/** The cancellation policy that is copied to a reservation when it is made. */
export interface PoliticaCancelamento {
  /** From the longest time left to the shortest; none of them applies after the start. */
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

/** The grace period ends this long before the start. */
export const CARENCIA_ATE_MINUTOS = 120;

export const EXCECOES_CANCELAMENTO = ['FORCA_MAIOR', 'PROBLEMA_NO_ESPACO'] as const;

/** What an admin may claim to give everything back. */
export type ExcecaoCancelamento = (typeof EXCECOES_CANCELAMENTO)[number];

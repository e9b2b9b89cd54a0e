/** Something in the books that cannot have come about by itself. */
export interface Defeito {
  /** The payment, the lot of credit, the transaction of the ledger or the customer that it is about. */
  readonly fluxo: string;
  /** 0 where there are no versions. */
  readonly versao: number;
  readonly problema: string;
}

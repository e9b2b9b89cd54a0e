/** What administrators are told of addresses that have begun to send messages back. Whose they are is erased once it is sent. */
export interface DadosContatosNaoEntregaveis {
  /** Since they were told last. */
  readonly novos: number;
  /** All that send messages back. */
  readonly total: number;
  /** Messages that were reported as unwanted since then. */
  readonly reclamacoes: number;
  /** Some of the new ones. */
  readonly contatos: readonly {
    readonly clienteId: string;
    /** Masked. */
    readonly destino: string;
    /** In codes. */
    readonly motivo: string;
  }[];
}

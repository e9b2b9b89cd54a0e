/** Charges that wait for the provider to do something. A row appears and goes with the events that make it true. */
export interface FilaDeCobrancas {
  /** The next one due, kept from other workers until `posseAte`. */
  reivindicar(agora: Date, posseAte: Date): Promise<{ pagamentoId: string; falhas: number } | undefined>;
  adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void>;
}

/** Refunds that wait for the provider: to be asked for, or to be heard of. */
export interface FilaDeEstornos {
  reivindicar(
    agora: Date,
    posseAte: Date,
  ): Promise<{ pagamentoId: string; numero: number; falhas: number } | undefined>;
  adiar(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void>;
}

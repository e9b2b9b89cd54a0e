/** Charges that wait for the provider to do something. A row appears and goes with the events that make it true. */
export interface FilaDeCobrancas {
  /** The next one due, kept from other workers until `posseAte`. */
  reivindicar(agora: Date, posseAte: Date): Promise<{ pagamentoId: string; falhas: number } | undefined>;
  adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void>;
}

/** Refunds that wait for the provider: to be asked for, or to be heard of. */
export interface FilaDeEstornos {
  reivindicar(agora: Date, posseAte: Date): Promise<VezDeEstorno | undefined>;
  adiar(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void>;
  /** The next request is another one for the provider. */
  trocarTentativa(pagamentoId: string, numero: number): Promise<void>;
}

export interface VezDeEstorno {
  readonly pagamentoId: string;
  readonly numero: number;
  /** From 1: which request of this refund the provider is to know it by. */
  readonly tentativa: number;
  readonly falhas: number;
}

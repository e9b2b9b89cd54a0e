/** A refund that a cancellation asked for and does not get. */
export interface DevolucaoRecusada {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly motivo: string;
  /** Version of the reservation that asked. */
  readonly pedido: number;
  readonly em: Date;
}

/** Tells the service that asked for a refund that there will be none. */
export interface RecusasDeDevolucao {
  /** Once for each request, however often it comes. */
  anunciar(recusa: DevolucaoRecusada): Promise<void>;
}

import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** Credit that was given for one reason, as far as it can still be spent. */
export interface LoteView {
  readonly restante: Dinheiro;
  readonly concedidoEm: Date;
  readonly expiraEm: Date;
}

/** Store credit of customers, in BRL. Charges and refunds move it with their events. */
export interface LivroDeCreditos {
  /**
   * Gives credit for 365 days.
   *
   * @param motivo what for, as an identity: the same one again gives nothing and answers false
   */
  conceder(clienteId: string, valor: Dinheiro, motivo: string, em: Date): Promise<boolean>;
  /** What can be spent now, in the order in which it is spent. */
  lotes(clienteId: string, agora: Date): Promise<readonly LoteView[]>;
  /**
   * Takes back what was not spent in time, up to a hundred lots, each by itself; answers how many.
   *
   * @throws AggregateError of those that did not expire, when all others have
   */
  expirar(agora: Date): Promise<number>;
}

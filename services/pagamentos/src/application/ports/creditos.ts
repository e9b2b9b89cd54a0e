import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** Store credit of customers, in BRL. Safe to use by several at once: no credit is spent twice. */
export interface LivroDeCreditos {
  /**
   * Gives credit for 365 days.
   *
   * @param motivo what for, as an identity: the same one again gives nothing and answers false
   */
  conceder(clienteId: string, valor: Dinheiro, motivo: string, em: Date): Promise<boolean>;
  /** What can be spent now. */
  saldo(clienteId: string, agora: Date): Promise<Dinheiro>;
  /** Spends up to `valor`, oldest credit first, and answers how much; once for each payment. */
  usar(clienteId: string, valor: Dinheiro, pagamentoId: string, em: Date): Promise<Dinheiro>;
  /** Takes back what was not spent in time, up to a hundred lots; answers how many. */
  expirar(agora: Date): Promise<number>;
}

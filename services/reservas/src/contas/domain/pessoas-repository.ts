/** What is known of people, within one transaction. */
export interface PessoasRepository {
  /** Whether there is an account of this identity that is not suspended. */
  existe(usuarioId: string): Promise<boolean>;
  /**
   * Whether the account is gone. Takes the lock of the customer, so the answer stays true until the transaction ends: what it
   * writes of them is there for the removal to find, or is not written. May be asked with a reservation locked, but not with
   * the lock of a space alone: a booking has the customer first.
   */
  removida(usuarioId: string): Promise<boolean>;
  /** Whether the person runs the space, or ADMIN everything, or has since then. */
  geriaDesde(usuarioId: string, espacoId: string, desde: Date): Promise<boolean>;
}

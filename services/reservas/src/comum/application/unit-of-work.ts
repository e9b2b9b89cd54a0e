/** `Tx`: the repositories that share the transaction, as far as the caller needs them. */
export interface UnitOfWork<Tx> {
  /** One transaction; what `work` throws rolls it back. `work` may run again after a deadlock. */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Like `run`, once per message: false when an earlier delivery has already had its effect. What `ler` reads comes in
   * the round trip that tells; it must not write.
   */
  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ler: (tx: Tx) => Promise<L>,
    work: (tx: Tx, lido: L) => Promise<void>,
  ): Promise<boolean>;
}

/** One transaction over the stores that a room works with. */
export interface UnitOfWork<Transacao> {
  /** One transaction; what `work` throws rolls it back. `work` may run again after a deadlock. */
  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T>;
  /** False when this consumer has handled the message before; then `work` does not run. */
  runOnce(consumidor: string, mensagemId: string, work: (tx: Transacao) => Promise<void>): Promise<boolean>;
}

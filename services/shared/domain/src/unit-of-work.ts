/**
 * One transaction for everything that belongs together: either all of it is stored or nothing.
 *
 * @typeParam Tx the repositories that share the transaction; they are good for nothing after it
 */
export interface UnitOfWork<Tx> {
  /**
   * Commits what `work` has done and answers what it answers; what it throws rolls everything back and is thrown on.
   *
   * `work` may run again from its start, when the database has given up the transaction to let another one pass. It
   * therefore leaves no trace of its own beside the transaction, and does not wait for the network.
   */
  run<T>(work: (tx: Tx & ClaimsKey) => Promise<T>): Promise<T>;

  /**
   * Like {@link run}, once per message: false, and nothing done, when an earlier delivery has already had its effect. Of
   * two deliveries at the same time the second waits for the end of the first.
   *
   * @param consumidor who handles the message; each consumer has its own first time
   * @param mensagemId the same in every delivery of the message
   */
  runOnce(consumidor: string, mensagemId: string, work: (tx: Tx) => Promise<void>): Promise<boolean>;
  /**
   * @param ler reads in the round trip that tells whether the message is new, and sees what an earlier delivery has
   * left; it runs for a message that is not new as well, so it must not write
   */
  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ler: (tx: Tx) => Promise<L>,
    work: (tx: Tx, lido: L) => Promise<void>,
  ): Promise<boolean>;
}

/** What a transaction offers to calls that change something, beside its repositories. */
export interface ClaimsKey {
  /**
   * Ties the `Idempotency-Key` of the call under way to what this transaction does, so that the call has one effect however
   * often it comes. It is the first step of the work; without a key, as in workers and consumers, nothing happens. Work that
   * answers a failed `Result` leaves the key free.
   *
   * @param efeito the id of what is made or changed: a repeated call is answered from it
   */
  readonly claimKey: (efeito: string) => Promise<void>;
}

import { answersOf } from '@plataforma/domain/answers-of';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { DataSource } from 'typeorm';
import { KeyOfTransaction } from './call-key.ts';
import { registerOnce } from './inbox.ts';
import { inRepeatableTransaction, type Sql } from './transaction.ts';

/**
 * Has something told after the commit, in the order of the calls; what was noted in a transaction that is rolled back
 * is forgotten. It must not fail: the effect is stored, and the caller of the unit would be told the opposite.
 */
export type AfterCommit = (tell: () => void | Promise<void>) => void;

/**
 * A unit of work is one READ COMMITTED transaction of {@link inRepeatableTransaction}: the victim of a deadlock is begun
 * anew, with repositories of its own. A message is known by its row in the inbox, a call by its claimed key.
 */
export class PostgresUnitOfWork<Tx extends object> implements UnitOfWork<Tx> {
  readonly #dataSource: DataSource;
  readonly #transacao: (sql: Sql, afterCommit: AfterCommit) => Tx;

  /** @param transacao the repositories of one transaction, made anew for each attempt */
  constructor(dataSource: DataSource, transacao: (sql: Sql, afterCommit: AfterCommit) => Tx) {
    this.#dataSource = dataSource;
    this.#transacao = transacao;
  }

  run<T>(work: (tx: Tx & ClaimsKey) => Promise<T>): Promise<T> {
    return this.#committed(work);
  }

  runOnce(consumidor: string, mensagemId: string, work: (tx: Tx) => Promise<void>): Promise<boolean>;
  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ler: (tx: Tx) => Promise<L>,
    work: (tx: Tx, lido: L) => Promise<void>,
  ): Promise<boolean>;
  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ...steps: [Work<Tx, void>] | [(tx: Tx) => Promise<L>, Work<Tx, L>]
  ): Promise<boolean> {
    const [ler, work] = steps.length === 1 ? [undefined, steps[0]] : steps;
    return this.#committed(async (tx, sql) => {
      // In this order: what is read behind the inbox row is what an earlier delivery has left.
      const [isNew, lido] = await answersOf([registerOnce(sql, consumidor, mensagemId), ler?.(tx)]);
      if (isNew) await (work as Work<Tx, L | undefined>)(tx, lido);
      return isNew;
    });
  }

  async #committed<T>(work: (tx: Tx & ClaimsKey, sql: Sql) => Promise<T>): Promise<T> {
    let told: Array<() => void | Promise<void>> = [];
    const done = await inRepeatableTransaction(this.#dataSource, async (sql) => {
      told = [];
      const key = new KeyOfTransaction(sql);
      const claimKey = (efeito: string) => key.claim(efeito);
      const repositories = this.#transacao(sql, (tell) => told.push(tell));
      const answer = await work(Object.assign(repositories, { claimKey }), sql);
      await key.settle(isRefusal(answer));
      return answer;
    });
    for (const tell of told) await tell();
    return done;
  }
}

type Work<Tx, L> = (tx: Tx, lido: L) => Promise<void>;

/** A `Result` that failed. */
function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'isFailure' in answer && answer.isFailure === true;
}

import type { Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { delay } from '../deadlines/wait.ts';
import { assertStillWanted } from '../deadlines/work-signal.ts';
import { isRetryable, isStalePlan } from './postgres.ts';
import { prepared } from './prepared.ts';

/** What runs statements: a transaction of {@link inTransaction}, or the ORM's data source or entity manager. */
export interface Sql {
  query<T>(text: string, parameters?: unknown[]): Promise<T>;
}

const BEGIN = 'begin isolation level read committed';

const ATTEMPTS = 4;
const MAX_JITTER_MS = 40;

/**
 * Runs `work` in one READ COMMITTED transaction, on a connection of the data source's pool and without the ORM's layers
 * around each statement. What `work` throws rolls everything back.
 *
 * Statements run in the order in which they are sent, and those that are sent without waiting for each other travel
 * together: `Promise.all([lock, read])` takes one round trip, and the read sees what was there once the lock was held.
 * Work whose time is over ({@link untilAborted}) sends nothing more and is rolled back.
 *
 * The answers have the ORM's shape: rows, or `[rows, affected]` of an UPDATE or DELETE. Statements with parameters are
 * {@link prepared}.
 *
 * @throws the driver's own error; `pgCode` and its kin understand it.
 */
export async function inTransaction<T>(dataSource: DataSource, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await poolOf(dataSource).connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await run(client, work);
  } catch (error) {
    // Answered after everything that was sent before it, so nothing of this transaction reaches the next one.
    await client.query('rollback').catch(onError);
    // A new connection has nothing prepared.
    if (isStalePlan(error)) broken = error as Error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/**
 * {@link inTransaction}, begun anew when PostgreSQL has rolled it back to let another one pass: the victim of a deadlock, or
 * a statement that was prepared for a table before its migration. `work` may therefore run several times, and must leave
 * no trace of its own beside the transaction.
 */
export function inRepeatableTransaction<T>(
  dataSource: DataSource,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  return tryingAgain(() => inTransaction(dataSource, work));
}

/**
 * Runs each statement by itself, as {@link inRepeatableTransaction} does those of a transaction: for what is one statement
 * only.
 */
export function autocommit(dataSource: DataSource): Sql {
  return {
    query: <T>(text: string, values?: unknown[]) =>
      tryingAgain(async () => {
        assertStillWanted();
        return shaped(await poolOf(dataSource).query(prepared(text, values))) as T;
      }),
  };
}

async function tryingAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || attempt === ATTEMPTS) throw error;
      await delay(Math.random() * MAX_JITTER_MS * attempt);
    }
  }
}

async function run<T>(client: PoolClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  const send = together(client);
  const query = async <R>(text: string, values?: unknown[]) => {
    assertStillWanted();
    return shaped(await send(text, values)) as R;
  };
  const [begun, done] = await Promise.allSettled([send(BEGIN), work({ query })]);
  if (begun.status === 'rejected') throw begun.reason;
  if (done.status === 'rejected') throw done.reason;
  assertStillWanted();
  const { command } = await client.query('commit');
  // What PostgreSQL makes of a commit after a statement that failed and whose error was swallowed.
  if (command === 'ROLLBACK') throw new Error('a statement of the transaction failed, nothing was stored');
  return done.value;
}

/** Holds back what is sent until the current turn of the event loop has sent all it has: one write instead of many. */
function together(client: PoolClient) {
  let corked = false;
  return (text: string, values?: unknown[]): Promise<QueryResult> => {
    const { stream } = client.connection;
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    return client.query(prepared(text, values));
  };
}

function shaped({ command, rows, rowCount }: QueryResult): unknown {
  return command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
}

function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { readonly master: Pool }).master;
}

/*
 * Room `postgres`: the database of a service: connections, migrations and errors (this file), transactions and single statements
 * without the ORM's layers (`transaction.ts`, `prepared.ts`), one transaction for several repositories (`unit-of-work.ts`),
 * messages and calls whose effect is there once (`inbox.ts`, `call-key.ts`), and what is deleted when its time is over
 * (`runtime-purge.ts`).
 *
 * Every wait is bounded: for a connection, a lock, a statement, an idle transaction. All is READ COMMITTED and UTC; what must
 * hold between transactions is a constraint of the table. A transaction that PostgreSQL gives up, as the victim of a
 * deadlock, is begun anew, and no other failure is. Statements that are sent without waiting for each other travel in one
 * round trip. Repositories of services call it; nothing here knows a table but the runtime's own.
 */

import { Client, type ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly MigrationClass[];
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Default 10 connections. */
  readonly poolSize?: number;
  /** Default 10 s: longest time one statement may take. 0: no limit, for commands that read or write everything. */
  readonly statementTimeoutMs?: number;
  /** Default 5 s: longest wait for a lock (another transaction's row, an exclusion check). */
  readonly lockTimeoutMs?: number;
  /** Called when an idle connection breaks. The pool replaces it by itself, so this is for the log only. */
  readonly onConnectionError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const MIGRATION_LOCK_WAIT_MS = 120_000;
const MIGRATION_STATEMENT_TIMEOUT_MS = 600_000;
// Any constant will do as long as nothing else in the database uses it.
const MIGRATION_LOCK = 7_301_001;

/**
 * A TypeORM data source over `pg`: READ COMMITTED, UTC, every wait bounded. It is not connected: call
 * `initialize()` (rejects when the database cannot be reached).
 */
export function createDataSource(options: PostgresOptions): DataSource {
  const statementTimeoutMs = options.statementTimeoutMs ?? 10_000;
  return new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    installExtensions: false,
    poolErrorHandler: options.onConnectionError ?? ignoreIdleError,
    extra: sessionSettings(statementTimeoutMs, options.lockTimeoutMs ?? 5_000),
  });
}

function sessionSettings(statementTimeoutMs: number, lockTimeoutMs: number): Record<string, unknown> {
  return {
    Client: PooledClient,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    // The server's own timeout cannot fire when the server is gone: the client gives up a little later.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 2_000,
    options: '-c timezone=UTC -c default_transaction_isolation=read\\ committed',
    // Statements that are sent without waiting for each other travel together.
    pipeline: true,
    keepAlive: true,
  };
}

/**
 * PostgreSQL, when it is restarted, may end a connection in the very packet that opens it: between the pool, which listens no
 * more, and who asked for it, who does not listen yet. An error that none listens for would end the process.
 */
class PooledClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', ignoreIdleError);
  }
}

// The pool has already dropped the broken connection; the next query opens another or fails with its own error.
function ignoreIdleError(): void {}

/**
 * Runs the pending migrations, each in its own transaction. An advisory lock on a dedicated connection lets
 * several replicas start at once: one migrates, the others wait (up to two minutes) and find nothing left to do.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const { url, applicationName } = dataSource.options as { url: string; applicationName: string };
  const client = new Client({
    connectionString: url,
    application_name: `${applicationName}-migrate`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: MIGRATION_LOCK_WAIT_MS,
    keepAlive: true,
  });
  client.on('error', ignoreIdleError);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runPending(dataSource.options);
  } finally {
    await client.end();
  }
}

/** On connections of its own: building an index may take longer than any request is allowed to. */
async function runPending(options: DataSourceOptions): Promise<void> {
  const settings = sessionSettings(MIGRATION_STATEMENT_TIMEOUT_MS, 30_000);
  const migrator = new DataSource({ ...options, poolSize: 1, extra: settings } as DataSourceOptions);
  await migrator.initialize();
  try {
    await migrator.runMigrations({ transaction: 'each' });
  } finally {
    await migrator.destroy();
  }
}

interface PgError {
  readonly code?: string;
  readonly constraint?: string;
}

/** TypeORM wraps the driver's error in a `QueryFailedError`; a bare `pg` error is its own. */
function pgError(error: unknown): PgError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { driverError } = error as { driverError?: PgError };
  return driverError ?? (error as PgError);
}

/** The SQLSTATE of a database error (`23505`), or undefined for anything else. */
export function pgCode(error: unknown): string | undefined {
  const code = pgError(error)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** SQLSTATE 23505, of the given constraint or index if one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23505', constraint);
}

/** SQLSTATE 23P01, of the given constraint if one is named. */
export function isExclusionViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23P01', constraint);
}

function violates(error: unknown, code: string, constraint: string | undefined): boolean {
  return pgCode(error) === code && (constraint === undefined || pgError(error)?.constraint === constraint);
}

/** A migration has changed the type of a column that a prepared statement of this connection answers. */
export function isStalePlan(error: unknown): boolean {
  return pgCode(error) === '0A000' && (error as Error).message.includes('cached plan');
}

/**
 * Serialization failure, deadlock or a statement prepared for a table that has changed: PostgreSQL rolled the
 * transaction back, and it will work if it is run again. That is so behind any wrapper of the error, too.
 */
export function isRetryable(error: unknown): boolean {
  const code = pgCode(error);
  if (code === '40001' || code === '40P01' || isStalePlan(error)) return true;
  return error instanceof Error && error.cause !== undefined && isRetryable(error.cause);
}

/** The part of `pg.Client` that the purge needs. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rowCount: number | null }>;
}

export interface PurgeOptions {
  /** Sent events stay this long as a trace of what was said. Default 7 days. */
  readonly outboxDays?: number;
  /** Must outlive any redelivery or replay: the streams keep 30 days, the dead letters 90. Default 120 days. */
  readonly inboxDays?: number;
  /** Most rows deleted per table and batch, so that a batch stays short. Default 1000. */
  readonly limit?: number;
}

const OUTBOX = `
  delete from outbox where posicao in (
    select posicao from outbox where enviado_em < now() - $1 * interval '1 day' order by enviado_em limit $2)`;

const INBOX = `
  delete from inbox where ctid = any(array(
    select ctid from inbox where processado_em < now() - $1 * interval '1 day' order by processado_em limit $2))`;

const IDEMPOTENCIA = `
  delete from idempotencia where (escopo, chave) in (
    select escopo, chave from idempotencia where expira_em < now() order by expira_em limit $1)
  and expira_em < now()`;

/** What a batch has deleted, and whether it has left something over. */
export interface PurgedBatch {
  readonly deleted: number;
  readonly more: boolean;
}

/** Deletes one batch of the rows whose time is over from `outbox`, `inbox` and `idempotencia`. */
export async function purgeRuntimeTables(
  database: Queryable,
  options: PurgeOptions = {},
): Promise<PurgedBatch> {
  const limit = options.limit ?? 1_000;
  const outbox = await database.query(OUTBOX, [options.outboxDays ?? 7, limit]);
  const inbox = await database.query(INBOX, [options.inboxDays ?? 120, limit]);
  const keys = await database.query(IDEMPOTENCIA, [limit]);
  const counts = [outbox, inbox, keys].map(({ rowCount }) => rowCount ?? 0);
  return {
    deleted: counts.reduce((sum, count) => sum + count, 0),
    more: counts.some((count) => count >= limit),
  };
}

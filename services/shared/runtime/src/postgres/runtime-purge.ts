/** The part of `pg.Client` that the purge needs. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rowCount: number | null }>;
}

/** Sent events stay this long as a trace of what was said. */
const OUTBOX_DAYS = 7;
/** Must outlive any redelivery or replay: the streams keep 30 days, the dead letters 90. */
const INBOX_DAYS = 120;

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

/** Deletes one batch of the rows whose time is over from `outbox`, `inbox` and `idempotencia`: at most `limit` of each. */
export async function purgeRuntimeTables(database: Queryable, limit = 1_000): Promise<PurgedBatch> {
  const outbox = await database.query(OUTBOX, [OUTBOX_DAYS, limit]);
  const inbox = await database.query(INBOX, [INBOX_DAYS, limit]);
  const keys = await database.query(IDEMPOTENCIA, [limit]);
  const counts = [outbox, inbox, keys].map(({ rowCount }) => rowCount ?? 0);
  return {
    deleted: counts.reduce((sum, count) => sum + count, 0),
    more: counts.some((count) => count >= limit),
  };
}

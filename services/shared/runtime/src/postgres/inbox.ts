import type { Sql } from './transaction.ts';

const INSERT = `
  insert into inbox (consumidor, mensagem_id) values ($1, $2)
  on conflict do nothing
  returning 1`;

/**
 * Notes in the caller's transaction that `consumer` handles this message; false = its effect is already committed, so
 * skip it. Of two transactions with the same message the second waits for the first: it is told false if the first
 * commits and true if it rolls back. Call it before the effect; rejects with SQLSTATE 55P03 if that wait is too long.
 */
export async function registerOnce(manager: Sql, consumer: string, messageId: string): Promise<boolean> {
  const inserted: unknown[] = await manager.query(INSERT, [consumer, messageId]);
  return inserted.length === 1;
}

import type { Client } from 'pg';
import { prepared } from '../postgres/prepared.ts';

/** One event as it waits in the table. */
export interface OutboxRow {
  readonly id: string;
  readonly agregadoTipo: string;
  readonly agregadoId: string;
  readonly agregadoVersao: number;
  readonly assunto: string;
  readonly payload: string;
  readonly cabecalhos: Record<string, string>;
  readonly criadoEm: Date;
  readonly tentativas: number;
}

/** One event that has left. */
export interface SentRow extends OutboxRow {
  /** What left, where it was not what is stored. */
  readonly sealed?: string;
}

// No cursor: `posicao` is drawn at the insert, so among different aggregates a lower position may become visible after
// a higher one (its transaction commits later) and a cursor would step over it. "Not sent yet" cannot miss it. Within
// one aggregate writers are serialised by its row lock or version check, so there position order is commit order.
const PENDING = `
  select id, agregado_tipo as "agregadoTipo", agregado_id as "agregadoId", agregado_versao as "agregadoVersao",
         assunto, payload::text as payload, cabecalhos, criado_em as "criadoEm", tentativas
  from outbox
  where enviado_em is null and agregado_tipo || '/' || agregado_id <> all ($1::text[])
  order by posicao
  limit $2`;

// No other relay has marked one of them meanwhile: the lock of the relay goes with the connection that has read them.
const MARK_SENT = 'update outbox set enviado_em = now() where id = any ($1::uuid[])';

// What was personal is kept as it left, so that it goes with the key of its person.
const MARK_SEALED = `
  update outbox set enviado_em = now(), payload = s.payload
  from unnest($1::uuid[], $2::jsonb[]) as s (id, payload) where outbox.id = s.id`;

const MARK_FAILED = 'update outbox set tentativas = tentativas + 1 where id = any ($1::uuid[])';

/** The oldest unsent events, except those of the given aggregates (`tipo/id`). */
export async function pendingRows(client: Client, excluded: string[], limit: number): Promise<OutboxRow[]> {
  const { rows } = await client.query<OutboxRow>(prepared(PENDING, [excluded, limit]));
  return rows;
}

/** Notes what the stream has acknowledged, and keeps of it what has left. */
export async function markSent(client: Client, rows: readonly SentRow[]): Promise<void> {
  const sealed = rows.filter((row) => row.sealed !== undefined);
  const ids = rows.filter((row) => row.sealed === undefined).map(({ id }) => id);
  if (ids.length > 0) await client.query(prepared(MARK_SENT, [ids]));
  if (sealed.length === 0) return;
  const payloads = sealed.map((row) => row.sealed);
  await client.query(prepared(MARK_SEALED, [sealed.map(({ id }) => id), payloads]));
}

/** Counts a failed attempt. */
export async function markFailed(client: Client, ids: string[]): Promise<void> {
  if (ids.length > 0) await client.query(prepared(MARK_FAILED, [ids]));
}

/** The key that ties the events of one aggregate together. */
export function aggregateKey(row: OutboxRow): string {
  return `${row.agregadoTipo}/${row.agregadoId}`;
}

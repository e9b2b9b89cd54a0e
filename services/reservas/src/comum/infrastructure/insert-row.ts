import { IdRepetidoError } from '@plataforma/domain/id';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';

/** A row by column. Column and table names come from the code, never from a request. */
export type Row = Readonly<Record<string, unknown>>;

/** Inserts one row whose primary key is a fresh identity. @throws IdRepetidoError when the identity is taken. */
export async function insertWithNewId(sql: Sql, table: string, row: Row): Promise<void> {
  try {
    await insertRow(sql, table, row);
  } catch (error) {
    if (!isUniqueViolation(error, `${table}_pkey`)) throw error;
    throw new IdRepetidoError(`${table}.id ${String(row.id)} is taken`, { cause: error });
  }
}

export async function insertRow(sql: Sql, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`);
  await sql.query(
    `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
}

import type { QueryConfig } from 'pg';

/** So many different texts get a name; texts that are built at run time must not fill the server's memory. */
const MAX_NAMES = 500;

/** `select *`, `returning t.*`: the columns of the answer change when a migration adds one. `count(*)` is none of these. */
const EVERY_COLUMN = /(?:\bselect|\breturning|,)\s+(?:\w+\.)?\*/i;

const names = new Map<string, string | undefined>();

/**
 * A statement as the driver takes it: with parameters it is a prepared one, which PostgreSQL parses once a connection
 * and, when that costs no more, plans once as well. Not so what answers every column there is: an old replica would be
 * refused ("cached plan must not change result type") as soon as the migration of a new one has added a column.
 */
export function prepared(text: string, values: unknown[] | undefined): QueryConfig {
  const name = values === undefined || values.length === 0 ? undefined : nameOf(text);
  return { text, ...(values && { values }), ...(name && { name }) };
}

function nameOf(text: string): string | undefined {
  if (!names.has(text) && names.size < MAX_NAMES)
    names.set(text, EVERY_COLUMN.test(text) ? undefined : `p${names.size}`);
  return names.get(text);
}

import pg from 'pg';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const DUPLICATE_DATABASE = '42P04';

/** The address of another database of the same cluster. */
export function databaseUrl(clusterUrl: string, database: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Creates the database, as a copy of `template` if given, unless it is there already; resolves with its address. */
export async function createDatabase(clusterUrl: string, name: string, template?: string): Promise<string> {
  const copied = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`;
  try {
    await query(clusterUrl, `CREATE DATABASE ${pg.escapeIdentifier(name)}${copied}`);
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
  }
  return databaseUrl(clusterUrl, name);
}

/** Drops the database, ending the sessions still open in it. */
export function dropDatabase(clusterUrl: string, name: string): Promise<void> {
  return query(clusterUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, ssl: false });
  // A session ended from the other side also emits 'error'; the rejected promise already tells it.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

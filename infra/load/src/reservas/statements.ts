import type { createDataSource } from '@plataforma/runtime/postgres';
import type { Pool, PoolClient, QueryConfig } from 'pg';

/** Connections as the services make them. */
export type DataSource = ReturnType<typeof createDataSource>;

/** One statement as it went over the wire. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Of a prepared statement. */
  readonly name?: string | undefined;
}

/** The statements that the connections of a data source are asked to run while `work` does its own, in that order. */
export async function recordStatements(
  dataSource: DataSource,
  work: () => Promise<unknown>,
): Promise<Statement[]> {
  const { master } = dataSource.driver as unknown as { readonly master: Pool };
  const statements: Statement[] = [];
  const listen = (client: PoolClient) => {
    const { query } = client;
    client.query = ((asked: string | QueryConfig, given?: unknown[]) => {
      const { text, values = [], name } = typeof asked === 'string' ? { text: asked, values: given } : asked;
      statements.push({ text, values, name });
      return Reflect.apply(query, client, [asked, given]);
    }) as typeof query;
    const stopListening = (_: unknown, released: PoolClient) => {
      if (released !== client) return;
      client.query = query;
      master.off('release', stopListening);
    };
    master.on('release', stopListening);
  };
  master.on('acquire', listen);
  try {
    await work();
  } finally {
    master.off('acquire', listen);
  }
  return statements;
}

import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from './eventually.ts';
import { createTestDatabase } from './test-database.ts';

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives every caller a database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await run(one.url, 'CREATE TABLE reserva (id text)');
    expect(await run(one.url, "SELECT to_regclass('reserva')::text AS tabela")).toEqual([
      { tabela: 'reserva' },
    ]);
    expect(await run(other.url, "SELECT to_regclass('reserva')::text AS tabela")).toEqual([{ tabela: null }]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('is gone after drop when a session was still open', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    await client.connect();
    await database.drop();
    await eventually(() => expect(errors[0]?.message).toContain('terminating connection'));
    await expect(run(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

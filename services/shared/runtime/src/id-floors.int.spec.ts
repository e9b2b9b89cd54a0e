import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeId } from '@plataforma/domain/id';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { floorsFromTables } from './id-floors.ts';
import { createDataSource } from './postgres.ts';

const key = Buffer.alloc(32, 3);

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = createDataSource({ url: database.url, entities: [], migrations: [], applicationName: 'test' });
  await dataSource.initialize();
  await dataSource.query('create table coisas (id text, feita_em timestamptz)');
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('floorsFromTables', () => {
  const floors = () => floorsFromTables(dataSource, { coi: { table: 'coisas', createdAt: 'feita_em' } }, key);

  it('answers 0 for an empty table and for a prefix without one', async () => {
    await expect(floors()('coi')).resolves.toBe(0n);
    await expect(floors()('xyz')).resolves.toBe(0n);
  });

  it('answers the highest counter, whatever the order of creation and of foreign identities', async () => {
    const ids = [7n, 41n, 12n].map((counter) => encodeId('coi', counter, key));
    for (const id of [...ids, 'importada-1'])
      await dataSource.query('insert into coisas values ($1, now())', [id]);
    await expect(floors()('coi')).resolves.toBe(41n);
  });
});

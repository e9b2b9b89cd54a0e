import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId, encodeId } from '@plataforma/domain/id';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { highestStoredCounter } from './id-floors.ts';
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

describe('highestStoredCounter', () => {
  const highest = () => highestStoredCounter(dataSource, 'coi', { table: 'coisas' }, key);
  const insert = (ids: readonly string[]) =>
    dataSource.query('insert into coisas select unnest($1::text[]), now()', [ids]);

  it('answers 0 for an empty table', async () => {
    await expect(highest()).resolves.toBe(0n);
  });

  it('answers the highest counter, whatever the order of creation and of foreign identities', async () => {
    await insert([...[7n, 41n, 12n].map((counter) => encodeId('coi', counter, key)), 'importada-1']);
    await expect(highest()).resolves.toBe(41n);
  });

  it('is not deceived by an import of more identities than one looks at, newer and of the same form', async () => {
    const other = Buffer.alloc(32, 9);
    await insert(Array.from({ length: 3_000 }, (_, n) => encodeId('coi', BigInt(n), other)));
    const foreign = [...Array(3_000).keys()].map((n) =>
      decodeId('coi', encodeId('coi', BigInt(n), other), key),
    );
    expect(foreign.some((counter) => counter > 1n << 41n)).toBe(true);
    await expect(highest()).resolves.toBe(41n);
  });
});

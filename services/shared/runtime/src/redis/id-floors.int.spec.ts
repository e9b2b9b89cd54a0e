import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeId, encodeId } from '@plataforma/domain/id';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../postgres/postgres.ts';
import { highestStoredCounter } from './id-floors.ts';

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
  beforeEach(() => dataSource.query('truncate coisas'));

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

  it.each(['first', 'last'])('finds it as the %s of more rows than are read at a time', async (place) => {
    const ids = [99, ...Array.from({ length: 1_100 }, (_, n) => n % 90)].map((n) =>
      encodeId('coi', BigInt(n), key),
    );
    await insert(place === 'first' ? ids : ids.reverse());
    await expect(highest()).resolves.toBe(99n);
  });

  it('is not deceived by an import of more identities than one looks at, newer and of the same form', async () => {
    const other = Buffer.alloc(32, 9);
    await insert([encodeId('coi', 41n, key)]);
    const imported = Array.from({ length: 1_100 }, (_, n) => encodeId('coi', BigInt(n), other));
    await insert(imported);
    const foreign = imported.map((id) => decodeId('coi', id, key));
    expect(foreign.some((counter) => counter > 1n << 41n)).toBe(true);
    await expect(highest()).resolves.toBe(41n);
  });
});

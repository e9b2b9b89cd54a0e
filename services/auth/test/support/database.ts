import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import { createPreparedDatabase } from '@plataforma/testing/prepared-database';
import type { DataSource } from 'typeorm';
import { migrations } from '../../src/persistence/migrations.ts';

/** A migrated database of its own. */
export async function openDatabase(): Promise<{ dataSource: DataSource; close(): Promise<void> }> {
  const { url, drop } = await createPreparedDatabase('auth', (empty) => migrate(at(empty)));
  const dataSource = await at(url).initialize();
  return { dataSource, close: () => dataSource.destroy().then(drop) };
}

const at = (url: string) =>
  createDataSource({
    url,
    applicationName: 'auth-test',
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });

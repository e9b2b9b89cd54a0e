import { createTestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { runtimeMigrations } from '../src/migrations/runtime-migrations.ts';
import { createDataSource, migrate } from '../src/postgres/postgres.ts';

/** A database for one suite, with the tables of the runtime. */
export interface RuntimeDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

export async function createRuntimeDatabase(poolSize = 10): Promise<RuntimeDatabase> {
  const { url, drop } = await createTestDatabase();
  const options = { url, entities: [], migrations: runtimeMigrations, poolSize };
  const dataSource = await createDataSource({ ...options, applicationName: 'teste' }).initialize();
  await migrate(dataSource);
  return { url, dataSource, drop: () => dataSource.destroy().then(drop) };
}

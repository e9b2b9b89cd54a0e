import { createPreparedDatabase } from '@plataforma/testing/prepared-database';
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
  const at = (url: string) =>
    createDataSource({
      url,
      entities: [],
      migrations: runtimeMigrations,
      poolSize,
      applicationName: 'teste',
    });
  const { url, drop } = await createPreparedDatabase('runtime', (empty) => migrate(at(empty)));
  const dataSource = await at(url).initialize();
  return { url, dataSource, drop: () => dataSource.destroy().then(drop) };
}

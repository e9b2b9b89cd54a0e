import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import { createPreparedDatabase } from '@plataforma/testing/prepared-database';
import type { DataSource } from 'typeorm';
import { migrations } from '../../src/persistence/migrations.ts';

/** A migrated database of this service. */
export interface ServiceDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

export async function createServiceDatabase(): Promise<ServiceDatabase> {
  const { url, drop } = await createPreparedDatabase('notificacoes', (empty) => migrate(at(empty)));
  const dataSource = await at(url).initialize();
  return { url, dataSource, drop: () => dataSource.destroy().then(drop) };
}

const at = (url: string) =>
  createDataSource({
    url,
    applicationName: 'notificacoes-teste',
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });

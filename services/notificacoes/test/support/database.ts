import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import { createTestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { migrations } from '../../src/persistence/migrations.ts';

/** A migrated database of this service. */
export interface ServiceDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

export async function createServiceDatabase(): Promise<ServiceDatabase> {
  const { url, drop } = await createTestDatabase();
  const dataSource = createDataSource({
    url,
    applicationName: 'notificacoes-teste',
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
  });
  await dataSource.initialize();
  await migrate(dataSource);
  return {
    url,
    dataSource,
    async drop() {
      await dataSource.destroy();
      await drop();
    },
  };
}

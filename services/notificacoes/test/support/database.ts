import { runtimeMigrations } from '@plataforma/runtime/migrations/runtime-migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import { createTestDatabase } from '@plataforma/testing/test-database';
import type { DataSource } from 'typeorm';
import { Notificacoes1765000000001 } from '../../src/infrastructure/persistence/migrations/notificacoes-1765000000001.ts';

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
    migrations: [...runtimeMigrations, Notificacoes1765000000001],
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

import { loadConfig } from '@plataforma/runtime/config';
import { createDataSource } from '@plataforma/runtime/postgres';
import { commonFields } from '@plataforma/runtime/service-config';
import type { DataSource } from 'typeorm';

/**
 * Runs a command against the database of DATABASE_URL, which the service has migrated, and says in one line why it
 * failed. Exit code 1: it failed, or the command answered that something is wrong.
 */
export async function withDatabase(
  name: string,
  run: (dataSource: DataSource) => Promise<boolean>,
): Promise<void> {
  try {
    const { databaseUrl: url } = loadConfig(process.env, { databaseUrl: commonFields.databaseUrl });
    const dataSource = createDataSource({
      url,
      applicationName: name,
      entities: [],
      migrations: [],
      // One statement may go through all the payments there are.
      statementTimeoutMs: 0,
    });
    await dataSource.initialize();
    try {
      if (!(await run(dataSource))) process.exitCode = 1;
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

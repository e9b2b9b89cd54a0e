import { createDatabase, dropDatabase } from './servers/postgres-databases.ts';

/** Environment variable with the address of the cluster that jest's globalSetup started. */
export const TEST_POSTGRES = 'PLATAFORMA_TEST_POSTGRES';

/** A database of its own for one suite. */
export interface TestDatabase {
  readonly url: string;
  /** Ends its open sessions and deletes it. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database in the cluster of the test run, or a copy of `template`, in which there may be no session.
 *
 * @throws {Error} when no cluster runs, which is so outside `*.int.spec.ts`.
 */
export async function createTestDatabase(template?: string): Promise<TestDatabase> {
  const cluster = testCluster();
  const name = `t_${crypto.randomUUID().replaceAll('-', '')}`;
  return { url: await createDatabase(cluster, name, template), drop: () => dropDatabase(cluster, name) };
}

/**
 * The address of the cluster of the test run.
 *
 * @throws {Error} when no cluster runs, which is so outside `*.int.spec.ts`.
 */
export function testCluster(): string {
  const cluster = process.env[TEST_POSTGRES];
  if (cluster) return cluster;
  throw new Error(`${TEST_POSTGRES} is not set: jest starts PostgreSQL for *.int.spec.ts files only.`);
}

import pg from 'pg';
import { createTestDatabase, type TestDatabase, testCluster } from './test-database.ts';

/**
 * Environment variable that is set when all suites of the cluster run the same code: then what a database is made ready
 * with is the same for all. Under mutation it is not, for each mutant may change the migrations.
 */
export const TEST_TEMPLATES = 'PLATAFORMA_TEST_TEMPLATES';

/** The templates that this suite has seen. */
const ready = new Set<string>();

/**
 * Creates a database that holds what `prepare` makes of an empty one, tables as a rule. In a run of jest it is prepared
 * once for all workers, under `name`, and copied for each caller.
 *
 * @param prepare closes its connections before it resolves.
 * @throws {Error} when no cluster runs, which is so outside `*.int.spec.ts`.
 */
export async function createPreparedDatabase(
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<TestDatabase> {
  if (process.env[TEST_TEMPLATES] === undefined) {
    const database = await createTestDatabase();
    await prepare(database.url);
    return database;
  }
  const template = `template_${name}`;
  if (!ready.has(template)) await ensureTemplate(template, prepare);
  ready.add(template);
  return createTestDatabase(template);
}

/** A lock on the cluster lets one caller, of whatever worker, prepare while the others wait. */
async function ensureTemplate(template: string, prepare: (url: string) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: testCluster(), ssl: false });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount !== 0) return;
    const draft = await createTestDatabase();
    await prepare(draft.url);
    // Renamed when it is whole: a database of this name is never half prepared.
    const [from, to] = [new URL(draft.url).pathname.slice(1), template].map(pg.escapeIdentifier);
    await client.query(`alter database ${from} rename to ${to}`);
  } finally {
    await client.end();
  }
}

import { TEST_TEMPLATES } from '../prepared-database.ts';
import { startPostgres } from '../servers/postgres.ts';
import { TEST_POSTGRES } from '../test-database.ts';
import { endsWithTheRun } from './end-of-run.ts';

/** jest's globalSetup of the projects `int` and `proof`: one cluster for the whole run, a database per suite. */
export default async function start(): Promise<void> {
  const cluster = await startPostgres({ durable: false });
  process.env[TEST_POSTGRES] = cluster.url('postgres');
  process.env[TEST_TEMPLATES] = 'yes';
  endsWithTheRun(() => cluster.stop());
}

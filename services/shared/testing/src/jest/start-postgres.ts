import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { TEST_POSTGRES } from '../test-database.ts';

let cluster: PostgresServer | undefined;

/** jest's globalSetup of the projects `int` and `proof`: one cluster for the whole run, a database per suite. */
export default async function start(): Promise<void> {
  cluster = await startPostgres({ durable: false });
  process.env[TEST_POSTGRES] = cluster.url('postgres');
}

/** Ends what `start` began. */
export async function stop(): Promise<void> {
  await cluster?.stop();
}

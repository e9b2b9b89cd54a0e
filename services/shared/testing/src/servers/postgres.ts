import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LOOPBACK } from './ports.ts';
import {
  canReach,
  postgresAccount,
  reachableBinaries,
  reachableData,
  removePostgresData,
} from './postgres-account.ts';
import { ensureCluster, findInstallation } from './postgres-cluster.ts';
import { createDatabase, databaseUrl, query } from './postgres-databases.ts';
import { type RunningServer, startServer } from './server-process.ts';

export { removePostgresData } from './postgres-account.ts';
export { assertClusterUnused, ClusterInUseError } from './postgres-cluster.ts';

/** A PostgreSQL cluster of our own, from the binaries that npm installs. */
export interface PostgresServer extends RunningServer {
  /** Address of a database, with the superuser's name and password. */
  url(database: string): string;
  /** Creates the database unless it exists; resolves with its address. A random name when none is given. */
  createDatabase(name?: string): Promise<string>;
}

/** Settings of a cluster. */
export interface PostgresOptions {
  /** Kept after `stop()` and reused by the next start; left out: a temporary folder, deleted by `stop()`. */
  readonly dataDir?: string;
  readonly port?: number;
  /** `false` trades safety against a power cut for speed: right for tests. Default: true. */
  readonly durable?: boolean;
}

/**
 * Starts PostgreSQL on the loopback address, creating the cluster at the first start.
 *
 * @throws {PortTakenError} when `port` is taken.
 * @throws {Error} one sentence when it cannot start.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const wanted = options.dataDir === undefined ? await temporaryDataDir() : resolve(options.dataDir);
  await mkdir(dirname(wanted), { recursive: true });
  const release = () => (options.dataDir === undefined ? removePostgresData(wanted) : Promise.resolve());
  try {
    const { server, password } = await start(wanted, options);
    const url = (database: string) =>
      databaseUrl(`postgres://postgres:${password}@${LOOPBACK}:${server.port}/`, database);
    return {
      ...server,
      url,
      createDatabase: (name = randomName()) => createDatabase(url('postgres'), name),
      stop: () => server.stop().then(release),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function start(wanted: string, options: PostgresOptions) {
  const user = await postgresAccount(wanted);
  const { folder, version } = await findInstallation();
  const bin = join(await reachableBinaries(user, folder, version), 'bin');
  const dataDir = await reachableData(user, wanted);
  const password = await ensureCluster(bin, dataDir, user);
  const server = await startServer({
    name: 'PostgreSQL',
    binary: join(bin, 'postgres'),
    args: (port) => ['-D', dataDir, ...settings(port, options.durable ?? true)],
    port: options.port,
    user,
    // "Fast shutdown": open sessions are ended; SIGTERM would wait for them.
    stopSignal: 'SIGINT',
    isReady: async (port) => {
      await query(`postgres://postgres:${password}@${LOOPBACK}:${port}/postgres`, 'SELECT 1');
      return true;
    },
  });
  return { server, password };
}

/** The command line of a server. */
export function settings(port: number, durable: boolean): string[] {
  const values = {
    port: `${port}`,
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: '300',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** TMPDIR may be private to its owner; /var/tmp is open to every account. */
async function temporaryDataDir(): Promise<string> {
  const name = `plataforma-postgres-${randomName()}`;
  const user = await postgresAccount(join(tmpdir(), name));
  return join(canReach(user, tmpdir()) ? tmpdir() : '/var/tmp', name);
}

const randomName = () => `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;

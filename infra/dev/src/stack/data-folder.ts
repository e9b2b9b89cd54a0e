import { chmod, lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertClusterUnused, removePostgresData } from '@plataforma/testing/servers/postgres';
import { ENVIRONMENTS_FILE } from './environments.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where the local stack of this checkout keeps its data. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.PLATAFORMA_DATA || join(ROOT, '.plataforma', 'data');
}

/** What a stack keeps in its data folder; drafts beside them have a dot and more after the name. */
const OURS = [
  ...['postgres', 'redis', 'nats', 'mail', 'logs'],
  ...['kong.yml', 'stripe.jsonl', 'secrets.json', ENVIRONMENTS_FILE],
];

/**
 * Deletes the data of a stopped stack, and the folder when nothing else is in it: PLATAFORMA_DATA may name a folder
 * that holds other things as well.
 *
 * @throws ClusterInUseError when the stack is running.
 */
export async function clearData(dataDir: string): Promise<void> {
  const postgres = join(dataDir, 'postgres');
  await assertClusterUnused(postgres);
  await removePostgresData(postgres);
  const names = await entries(dataDir);
  const ours = names.filter(isOurs);
  for (const name of ours) await rm(join(dataDir, name), { recursive: true, force: true });
  if (names.length > 0 && ours.length === names.length) await rmdir(dataDir);
}

const isOurs = (name: string) => OURS.some((known) => name === known || name.startsWith(`${known}.`));

/** Where only the caller may look: folders of servers, written with whatever mode each of them likes. */
const PRIVATE = ['redis', 'nats', 'mail', 'logs'];

/**
 * The data folder, made if need be, closed to other accounts: also one that an earlier release has left open. The account
 * of PostgreSQL, under which root runs it, passes through. A folder that holds other things keeps its own mode.
 */
export async function securedFolder(dataDir: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await mkdir(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
  for (const name of PRIVATE) await mkdir(join(dataDir, name), { recursive: true, mode: 0o700 });
  const names = await entries(dataDir);
  if (names.every(isOurs)) await chmod(dataDir, isRoot ? 0o711 : 0o700);
  for (const name of names.filter(isOurs)) await closeToOthers(join(dataDir, name));
}

async function closeToOthers(path: string): Promise<void> {
  const found = await lstat(path);
  // PostgreSQL starts over nothing that others may read; where root runs it, its data is behind a link.
  if (found.isSymbolicLink() || found.uid !== (process.getuid?.() ?? found.uid)) return;
  await chmod(path, found.isDirectory() ? 0o700 : 0o600);
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

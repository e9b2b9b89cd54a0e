import { readdir, rm, rmdir } from 'node:fs/promises';
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
  const ours = names.filter((name) => OURS.some((known) => name === known || name.startsWith(`${known}.`)));
  for (const name of ours) await rm(join(dataDir, name), { recursive: true, force: true });
  if (names.length > 0 && ours.length === names.length) await rmdir(dataDir);
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

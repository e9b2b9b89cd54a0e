import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File of the data folder with the environment of each service, for commands that work on the same stack. */
export const ENVIRONMENTS_FILE = 'environments.json';

/** The environment of each service of the stack that was started last over this data; none before the first start. */
export async function readEnvironments(
  dataDir: string,
): Promise<Readonly<Record<string, Readonly<Record<string, string>>>> | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, ENVIRONMENTS_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A folder for one server: the caller's, kept, or a temporary one that `release` deletes. */
export interface ServerFolder {
  readonly path: string;
  release(): Promise<void>;
}

/** Makes sure of `dataDir` when given; otherwise creates a temporary folder named after the server. */
export async function serverFolder(name: string, dataDir: string | undefined): Promise<ServerFolder> {
  if (dataDir !== undefined) {
    const path = resolve(dataDir);
    await mkdir(path, { recursive: true });
    return { path, release: async () => {} };
  }
  const path = await mkdtemp(join(tmpdir(), `plataforma-${name}-`));
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}

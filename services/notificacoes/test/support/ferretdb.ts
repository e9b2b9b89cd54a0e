import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type RunningServer, startServer } from '@plataforma/testing/servers/server-process';
import { serverFolder } from '@plataforma/testing/servers/temporary-folder';
import { MongoClient } from 'mongodb';

const PROGRAM = '.plataforma/interop/bin/ferretdb';

/** Where `npm run interop:install` puts it, seen from here; undefined where it was not run. */
function installed(): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROGRAM))) return join(folder, PROGRAM);
    if (folder === dirname(folder)) return undefined;
  }
}

/** The server that speaks MongoDB's protocol here; undefined where there is none. */
export const FERRETDB = installed();

/** Said once in a run, by the suite of the contract, for all that is skipped without it. */
export function tellLeftOut(): void {
  process.stderr.write(
    'History in MongoDB: contract, copy, migration and preparation are left out, since FerretDB is not installed here ("npm run interop:install" builds it where there is Go).\n',
  );
}

export interface FerretDb extends RunningServer {
  /** Of a database of its own. */
  readonly url: string;
}

/** FerretDB over SQLite, in a folder that goes with it. */
export async function startFerretDb(binary: string, port?: number): Promise<FerretDb> {
  const folder = await serverFolder('ferretdb', undefined);
  const server = await startServer({
    name: 'FerretDB',
    binary,
    args: (free) => [`127.0.0.1:${free}`, folder.path],
    port,
    stopSignal: 'SIGTERM',
    isReady: async (at) => {
      const client = new MongoClient(`mongodb://127.0.0.1:${at}/`, { serverSelectionTimeoutMS: 500 });
      try {
        await client.db('admin').command({ ping: 1 });
        return true;
      } finally {
        await client.close();
      }
    },
  });
  const url = `mongodb://127.0.0.1:${server.port}/notificacoes`;
  return { ...server, url, stop: () => server.stop().then(() => folder.release()) };
}

/** `npm run reset`: forgets all data of the local stack. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertPortFree, PortTakenError } from '@plataforma/testing/servers/ports';
import { removePostgresData } from '@plataforma/testing/servers/postgres';
import { portsFromEnv } from './stack/ports.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const dataDir = process.env.PLATAFORMA_DATA || join(ROOT, '.plataforma', 'data');

try {
  await assertPortFree('PostgreSQL', portsFromEnv(process.env).POSTGRES_PORT);
  await removePostgresData(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
  console.log('reset: the data of the local stack is gone; "npm start" begins anew');
} catch (error) {
  const running = error instanceof PortTakenError;
  console.error(running ? 'reset: the stack is running; stop it first (Ctrl-C in its terminal)' : error);
  process.exitCode = 1;
}

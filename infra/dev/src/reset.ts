/** `npm run reset`: forgets all data of the local stack. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterInUseError } from '@plataforma/testing/servers/postgres';
import { clearData } from './stack/data-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const dataDir = process.env.PLATAFORMA_DATA || join(ROOT, '.plataforma', 'data');

try {
  await clearData(dataDir);
  console.log('reset: the data of the local stack is gone; "npm start" begins anew');
} catch (error) {
  const running = error instanceof ClusterInUseError;
  console.error(running ? 'reset: the stack is running; stop it first (Ctrl-C in its terminal)' : error);
  process.exitCode = 1;
}

/** `npm run reset`: forgets all data of the local stack. */
import { readCommandLine } from '@plataforma/runtime/command-line';
import { ClusterInUseError } from '@plataforma/testing/servers/postgres';
import { clearData, dataFolder } from './data-folder.ts';

readCommandLine({
  name: 'reset',
  help: `npm run reset

Deletes the data of the local stack: databases, streams, mails, logs and secrets. The next "npm start" begins anew.
They are in .plataforma/data; PLATAFORMA_DATA names another folder. Refused while the stack is running.`,
});

try {
  await clearData(dataFolder());
  console.log('reset: the data of the local stack is gone; "npm start" begins anew');
} catch (error) {
  const running = error instanceof ClusterInUseError;
  console.error(running ? 'reset: the stack is running; stop it first (Ctrl-C in its terminal)' : error);
  process.exitCode = 1;
}

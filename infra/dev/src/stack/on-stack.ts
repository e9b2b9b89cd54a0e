/**
 * Runs a command of a service against the local stack, with the environment its services have:
 * `npm run history:migrate`, `npm run keys:rotate`, `npm run ledger:verify`, `npm run projections:rebuild`, `npm run reconcile`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { dataFolder } from './data-folder.ts';
import { readEnvironments } from './environments.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const [program = '', ...args] = process.argv.slice(2);
const service = /^services\/(\w+)\/src\/commands\/[\w-]+\.ts$/.exec(program)?.[1];

if (service === undefined) {
  console.error('usage: on-stack services/<service>/src/commands/<command>.ts [arguments]');
  process.exitCode = 2;
} else {
  await runOnStack(service);
}

/** Without a stack the command still tells about itself, and what it does not understand. */
async function runOnStack(name: string): Promise<void> {
  const environments = await readEnvironments(dataFolder());
  const child = spawn(process.execPath, ['--conditions=source', program, ...args], {
    cwd: ROOT,
    env: {
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...(environments?.[name] ?? { PATH: process.env.PATH }),
    },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
  if (code === 1 && environments === undefined)
    console.error('The local stack was never started here: run "npm start" first.');
}

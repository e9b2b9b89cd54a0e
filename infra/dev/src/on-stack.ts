/**
 * Runs a command of a service against the local stack, with the environment its services have:
 * `npm run ledger:verify`, `npm run projections:rebuild`, `npm run reconcile`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENVIRONMENTS_FILE } from './stack/stack.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const dataDir = process.env.PLATAFORMA_DATA || join(ROOT, '.plataforma', 'data');

const [program = '', ...args] = process.argv.slice(2);
const service = /^services\/(\w+)\/src\/commands\/[\w-]+\.ts$/.exec(program)?.[1];

if (service === undefined) {
  console.error('usage: on-stack services/<service>/src/commands/<command>.ts [arguments]');
  process.exitCode = 2;
} else {
  await runOnStack(service);
}

async function runOnStack(name: string): Promise<void> {
  const environments = await readEnvironments();
  if (environments === undefined) {
    console.error('The local stack was never started here: run "npm start" first.');
    process.exitCode = 1;
    return;
  }
  const child = spawn(process.execPath, ['--conditions=source', program, ...args], {
    cwd: ROOT,
    env: environments[name],
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

async function readEnvironments(): Promise<Record<string, Record<string, string>> | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, ENVIRONMENTS_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

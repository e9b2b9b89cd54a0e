/** `npm run plataforma -- <verb>`: one command line for the local stack, and for all other commands of the project. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { TASKS } from '../../toolchain/tasks.mjs';
import { runVerb, VERBS } from './verbs.ts';

/** All commands but this one, which is not called through itself. */
const COMMANDS = Object.entries(TASKS).filter(([name]) => name !== 'plataforma');

const BOOTSTRAP = fileURLToPath(new URL('../../bootstrap.mjs', import.meta.url));

const [name = '--help', ...args] = process.argv.slice(2);
if (name.startsWith('-')) readCommandLine({ name: 'plataforma', help: help() }, [name]);
else if (Object.hasOwn(VERBS, name)) await runVerb(name, args);
else if (COMMANDS.some(([task]) => task === name)) await pass(name);
else misused('plataforma', `"${name}" is no verb`);

function help(): string {
  const verbs = Object.entries(VERBS);
  const width = Math.max(...[...verbs, ...COMMANDS].map(([verb]) => verb.length));
  const list = (entries: readonly (readonly [string, { readonly about: string }])[]) =>
    entries.map(([verb, { about }]) => `  ${verb.padEnd(width)}  ${about}`).join('\n');
  return `npm run plataforma -- <verb> [options]

With the stack that "npm start" runs, wherever its ports are (PLATAFORMA_DATA names its data folder where that was moved):
${list(verbs)}

The commands of the project, as by "npm run <command> --":
${list(COMMANDS)}

<verb> --help tells what it takes, and does nothing.`;
}

async function pass(task: string): Promise<void> {
  const child = spawn(process.execPath, [BOOTSTRAP, task, ...args], { stdio: 'inherit' });
  // A terminal tells the whole group of Ctrl-C; what is told to this process alone is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

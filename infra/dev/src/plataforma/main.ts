/** `npm run plataforma -- <verb>`: one command line for the local stack, and for all other commands of the project. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { TASKS } from '../../toolchain/tasks.mjs';
import { sentenceOf } from './running-stack.ts';

/** A verb that is no command by itself. Its module is loaded when it is called for: the others need not wait for it. */
interface Verb {
  readonly about: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<void>>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  book: { about: 'book a free slot of the local stack', load: async () => (await import('./book.ts')).book },
  pay: { about: 'pay a reservation: pay res_...', load: async () => (await import('./pay.ts')).pay },
  decline: {
    about: 'have the card for a reservation declined: decline res_...',
    load: async () => (await import('./decline.ts')).decline,
  },
  listen: {
    about: 'print the events of a reservation as they come: listen res_...',
    load: async () => (await import('./listen.ts')).listen,
  },
  trigger: {
    about: 'have a webhook sent: trigger whk_... | evt_... | checkout.session.completed',
    load: async () => (await import('./trigger.ts')).trigger,
  },
  time: {
    about: 'say when what concerns a reservation happens: time res_...',
    load: async () => (await import('./time.ts')).time,
  },
  doctor: {
    about: 'look at every part of the local stack, and say what to do',
    load: async () => (await import('./doctor.ts')).doctor,
  },
};

/** All commands but this one, which is not called through itself. */
const COMMANDS = Object.entries(TASKS).filter(([name]) => name !== 'plataforma');

const BOOTSTRAP = fileURLToPath(new URL('../../bootstrap.mjs', import.meta.url));

const [name = '--help', ...args] = process.argv.slice(2);
if (name.startsWith('-')) readCommandLine({ name: 'plataforma', help: help() }, [name]);
else if (Object.hasOwn(VERBS, name)) await run(name, VERBS[name] as Verb);
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

async function run(verb: string, { load }: Verb): Promise<void> {
  try {
    await (await load())(args);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    console.error(`${verb}: ${sentence}`);
    process.exitCode = 1;
  }
}

async function pass(task: string): Promise<void> {
  const child = spawn(process.execPath, [BOOTSTRAP, task, ...args], { stdio: 'inherit' });
  // A terminal tells the whole group of Ctrl-C; what is told to this process alone is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}

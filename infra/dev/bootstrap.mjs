/*
 * The door to everything: makes sure of what a task needs, then runs it. Plain JavaScript without a dependency, because
 * it runs on whatever Node the system has and before anything is installed.
 */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, hasDependencies } from './toolchain/dependencies.mjs';
import { ensureNode } from './toolchain/node.mjs';
import { runTask } from './toolchain/processes.mjs';
import { say } from './toolchain/progress.mjs';
import { ensureServers } from './toolchain/servers.mjs';
import { SetupError } from './toolchain/setup-error.mjs';
import { TASKS } from './toolchain/tasks.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function main([name = '--help', ...args]) {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (!task || (name === 'exec' && (args[0] ?? '-').startsWith('-'))) return usage(name, args[0]);
  refuseForeignSystems();
  const asksForHelp = name !== 'exec' && args.some((word) => word === '--help' || word === '-h');
  if (asksForHelp && !hasDependencies(ROOT)) return firstHelp(name, task);
  const env = withNode(await ensureNode(ROOT));
  await ensureDependencies(ROOT, env);
  if (task.servers && !asksForHelp) await ensureServers();
  for (const signal of Object.keys(LEAVE)) process.removeListener(signal, LEAVE[signal]);
  const [program, ...words] = [...task.command, ...args, ...(task.last ?? [])];
  return runTask(program, words, { env, cwd: ROOT, server: task.server ?? false });
}

const HELP = ['--help', '-h', 'help'];

function usage(name, word) {
  const width = Math.max(...Object.keys(TASKS).map((task) => task.length));
  const list = Object.entries(TASKS).map(([task, { about }]) => `  ${task.padEnd(width)} ${about}`);
  const text = ['Usage: node infra/dev/bootstrap.mjs <task> [options]', '', ...list].join('\n');
  if (HELP.includes(name) || (name === 'exec' && HELP.includes(word))) {
    process.stdout.write(`${text}\n`);
    return 0;
  }
  if (name === 'exec' && word === undefined) say('exec: no program was named; --help tells what it takes.');
  else if (name === 'exec') say(`exec: "${word}" is no program; --help tells what it takes.`);
  else if (name.startsWith('-')) say(`Unknown option "${name}"; --help lists the tasks.`);
  else say(`Unknown task "${name}".\n${text}`);
  return 2;
}

/** A question installs nothing; the tasks explain themselves once they can run. */
function firstHelp(name, { about }) {
  process.stdout.write(
    `${name}: ${about}.\nIts options are told once the dependencies are installed; "npm start" installs them.\n`,
  );
  return 0;
}

function refuseForeignSystems() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new SetupError(
      `Node 20 or later is needed to begin with (this is ${process.versions.node}): install it from https://nodejs.org.`,
    );
  }
  if (process.platform === 'win32') {
    throw new SetupError(
      'Windows is not supported directly: install WSL with Debian or Ubuntu ("wsl --install") and run it there.',
    );
  }
}

/** NODE_OPTIONS are written for the caller's Node and tools; here they could only break things. */
function withNode(bin) {
  const { NODE_OPTIONS: _dropped, ...env } = process.env;
  return {
    ...env,
    PATH: [bin, join(ROOT, 'node_modules', '.bin'), env.PATH].filter(Boolean).join(delimiter),
  };
}

// While setting up, a signal ends this process in order: 'exit' handlers give up the lock.
const LEAVE = {
  SIGINT: () => process.exit(130),
  SIGTERM: () => process.exit(143),
  SIGHUP: () => process.exit(129),
};
for (const [signal, leave] of Object.entries(LEAVE)) process.on(signal, leave);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

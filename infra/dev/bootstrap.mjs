/*
 * The door to everything: makes sure of what a task needs, then runs it. Plain JavaScript without a dependency, because
 * it runs on whatever Node the system has and before anything is installed.
 */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './toolchain/dependencies.mjs';
import { ensureNode } from './toolchain/node.mjs';
import { runTask } from './toolchain/processes.mjs';
import { say } from './toolchain/progress.mjs';
import { ensureServers } from './toolchain/servers.mjs';
import { SetupError } from './toolchain/setup-error.mjs';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const source = (file) => ['node', '--conditions=source', `infra/dev/src/${file}`];
const onStack = (command) => [...source('on-stack.ts'), `services/pagamentos/src/commands/${command}.ts`];
const JEST = [
  ...['node', '--experimental-vm-modules', '--conditions=source', '--disable-warning=ExperimentalWarning'],
  'node_modules/jest/bin/jest.js',
];

/**
 * `last`: arguments that follow the caller's. `servers`: needs the Redis and NATS programs. `server`: stays up until it
 * is told to stop.
 * @type {Record<string, { about: string, command: string[], last?: string[], servers?: boolean, server?: boolean }>}
 */
const TASKS = {
  start: {
    about: 'start the local stack and run one booking',
    command: source('start.ts'),
    servers: true,
    server: true,
  },
  test: {
    about: 'unit, integration and end-to-end tests; options go to jest',
    command: JEST,
    // Behind what the caller adds: this option of jest swallows all the words that follow it.
    last: ['--ignoreProjects', 'proof'],
    servers: true,
  },
  proofs: {
    about: 'races, random schedules, faults and crashes, in many rounds; options go to jest',
    command: [...JEST, '--selectProjects', 'proof', '--testTimeout=180000'],
    servers: true,
  },
  check: { about: 'types, style, contracts, dependency rules', command: source('check.ts') },
  reset: { about: 'delete the data of the local stack', command: source('reset.ts') },
  events: { about: "print events as they are published: events 'reservas.>'", command: source('events.ts') },
  'ledger:verify': {
    about: "check the hash chain of the local stack's payments",
    command: onStack('verify-ledger'),
  },
  'projections:rebuild': {
    about: "build the projections of the local stack's payments again",
    command: onStack('rebuild-projections'),
  },
  reconcile: { about: "compare the local stack's payments with Stripe", command: onStack('reconcile') },
  'crash-matrix': {
    about: 'kill every service at every step of the money flow; words select cells',
    command: ['node', '--conditions=source', 'infra/e2e/crash-matrix-all.ts'],
    servers: true,
  },
  dlq: { about: 'dead letters: dlq list | show | replay | drop', command: source('dlq.ts') },
  gen: { about: 'write gen/ from proto/', command: source('gen.ts') },
  breaking: { about: 'compare the contracts with the main branch', command: source('breaking.ts') },
  extract: { about: 'try one service on its own: extract <service>', command: source('extract.ts') },
  mutation: {
    about: 'change the domain of a service and see whether its specs notice',
    command: source('mutation.ts'),
  },
  coverage: {
    about: 'measure what the specs of a service run of it: coverage <service>',
    command: source('coverage.ts'),
    servers: true,
  },
  race: {
    about: 'run the races of the specs many times: race --times 20',
    command: source('race.ts'),
    servers: true,
  },
  'bench:reservas': {
    about: 'measure how fast reservas books, beside the bare driver',
    command: ['node', '--conditions=source', 'infra/load/src/bench-reservas.ts'],
    servers: true,
  },
  'bench:saga': {
    about: 'measure whole bookings, from the request to the e-mail, on the whole platform',
    command: ['node', '--conditions=source', 'infra/load/src/bench-saga.ts'],
    servers: true,
  },
  exec: { about: "run any program with the project's Node: exec <program> [args]", command: [] },
};

async function main([name = '--help', ...args]) {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (!task || (name === 'exec' && args.length === 0)) return usage(name);
  refuseForeignSystems();
  const env = withNode(await ensureNode(ROOT));
  await ensureDependencies(ROOT, env);
  if (task.servers) await ensureServers();
  for (const signal of Object.keys(LEAVE)) process.removeListener(signal, LEAVE[signal]);
  const [program, ...words] = [...task.command, ...args, ...(task.last ?? [])];
  return runTask(program, words, { env, cwd: ROOT, server: task.server ?? false });
}

function usage(name) {
  const list = Object.entries(TASKS).map(([task, { about }]) => `  ${task.padEnd(10)} ${about}`);
  const known = ['--help', '-h', 'help', 'exec'].includes(name);
  const text = ['Usage: node infra/dev/bootstrap.mjs <task> [options]', '', ...list].join('\n');
  if (known) process.stdout.write(`${text}\n`);
  else say(`Unknown task "${name}".\n${text}`);
  return known && name !== 'exec' ? 0 : 2;
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

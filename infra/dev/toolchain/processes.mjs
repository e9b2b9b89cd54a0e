import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

// Debian keeps nats-server in /usr/sbin, which is not on the PATH of ordinary users; Homebrew has its own folder.
const EXTRA_FOLDERS = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/opt/homebrew/bin',
];

/** Absolute path of a program, also outside PATH; undefined when it is not installed. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...EXTRA_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program quietly to its end; what it printed is shown only when it fails.
 *
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, failure: string, guarded?: boolean }} options
 *   `failure`: the sentence for that case; `guarded: false` lets the program finish when this process is killed
 * @returns {Promise<string>} its output
 */
export async function capture(program, args, { env = process.env, cwd, failure, guarded = true }) {
  const [file, argv] = guarded ? dyingWithUs(program, args) : [program, args];
  const child = spawn(file, argv, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await exitCode(child);
  if (code === 0) return output;
  throw new SetupError(`${headAndTail(output.trim())}\n\n${failure}`);
}

/** npm tells the reason first, apt last. */
function headAndTail(output) {
  const lines = output.split('\n');
  return lines.length <= 40 ? output : [...lines.slice(0, 15), '[...]', ...lines.slice(-20)].join('\n');
}

/**
 * Runs the task with this process's terminal and passes signals on to it.
 *
 * A `server` gets a process group of its own, so that Ctrl-C, which a terminal sends to the whole group and npm sends
 * once more, reaches it exactly once per key press. Other tasks stay in the group: they may read the keyboard.
 *
 * @returns {Promise<number>} the exit code, 128 + n after signal n
 */
export async function runTask(program, args, { env, cwd, server }) {
  const [file, argv] = dyingWithUs(program, args);
  const child = spawn(file, argv, { env, cwd, stdio: 'inherit', detached: server });
  const stopForwarding = forwardSignals(child, server);
  try {
    return await exitCode(child);
  } finally {
    stopForwarding();
  }
}

/** On Linux the kernel ends a child when this process is killed and can pass on nothing (`setpriv --pdeathsig`). */
function dyingWithUs(program, args) {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  return setpriv ? [setpriv, ['--pdeathsig', 'TERM', program, ...args]] : [program, args];
}

const SAME_KEY_PRESS_MS = 500;

function forwardSignals(child, server) {
  let last = { signal: '', at: 0 };
  const forward = (signal) => {
    // The terminal has already told a task of the same group.
    if (signal === 'SIGINT' && !server && process.stdin.isTTY) return;
    const repeated = signal === last.signal && Date.now() - last.at < SAME_KEY_PRESS_MS;
    last = { signal, at: Date.now() };
    if (!repeated) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  const stopWatching = process.env.npm_lifecycle_event ? whenNpmIsGone(() => forward('SIGTERM')) : () => {};
  return () => {
    stopWatching();
    for (const signal of signals) process.removeListener(signal, forward);
  };
}

/**
 * npm runs a script through a shell and passes SIGTERM to that shell only, which dies of it without a word to us; and
 * npm may be killed outright. Both are seen in the chain of parents, which is therefore looked at every second.
 */
function whenNpmIsGone(tell) {
  const chain = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const original = chain();
  const timer = setInterval(() => {
    if (chain() === original) return;
    clearInterval(timer);
    tell();
  }, 1_000);
  return () => clearInterval(timer);
}

function parentOf(pid) {
  if (process.platform !== 'linux') return '';
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 'gone';
    throw error;
  }
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new SetupError(`${child.spawnfile} could not be run: ${error.message}.`)),
    );
    child.once('close', (code, signal) => resolve(code ?? 128 + (osConstants.signals[signal] ?? 0)));
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, createWriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertPortFree, freePort, PortTakenError } from './ports.ts';

/** An operating system account, by number. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/** How to start one server program and how to know that it serves. */
export interface ServerSpec {
  readonly name: string;
  /** Absolute path. */
  readonly binary: string;
  readonly args: (port: number) => string[];
  /** Left out: a free port is chosen, and another one when that is lost in a race. */
  readonly port?: number | undefined;
  /** Account to run under; left out: the caller's. */
  readonly user?: OsUser | undefined;
  /** The signal on which this server ends in good order. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** One question in the server's own protocol; rejects or answers false while it is not ready. */
  readonly isReady: (port: number) => Promise<boolean>;
  readonly startTimeoutMs?: number;
  readonly stopTimeoutMs?: number;
  /** The program's whole environment; left out: a fixed one, since PGPORT, LANG and the like must not reach a server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder; left out: `/`. */
  readonly cwd?: string;
  /** Gets all that the program prints, after what earlier runs printed. */
  readonly logFile?: string;
  /** Gives up waiting for a program that is still starting, and stops it. */
  readonly aborted?: AbortSignal | undefined;
}

/** A server that answered in its own protocol. */
export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  /** Settles when the process is gone, however it ended, with its exit code or the signal that ended it. */
  readonly exited: Promise<string>;
  /** The end of what it has printed. */
  output(): string;
  /** Asks the process to end, kills it after a deadline; resolves when it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

const ATTEMPTS_ON_FREE_PORTS = 5;

/**
 * Starts a server and waits until it answers.
 *
 * @throws {PortTakenError} when the port asked for is taken.
 * @throws {Error} one sentence plus the server's last output when it ends or stays silent.
 */
export async function startServer(spec: ServerSpec): Promise<RunningServer> {
  if (spec.port !== undefined) {
    await assertPortFree(spec.name, spec.port);
    return launch(spec, spec.port);
  }
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return await launch(spec, port);
    } catch (error) {
      if (attempt === ATTEMPTS_ON_FREE_PORTS || !(await lostTheRace(spec.name, port))) throw error;
    }
  }
}

async function lostTheRace(name: string, port: number): Promise<boolean> {
  try {
    await assertPortFree(name, port);
    return false;
  } catch (error) {
    return error instanceof PortTakenError;
  }
}

async function launch(spec: ServerSpec, port: number): Promise<RunningServer> {
  const { child, exited, output } = spawnGuarded(spec, port);
  const stop = () => end(child, exited, spec.stopSignal, spec.stopTimeoutMs ?? 10_000);
  const timeoutMs = spec.startTimeoutMs ?? 20_000;
  try {
    await untilReady(spec, port, child, timeoutMs);
  } catch (error) {
    await stop();
    if (spec.aborted?.aborted) throw error;
    const said = output().trim();
    throw new Error(`${(error as Error).message}${said ? ` Its last output:\n${said}` : ''}`, {
      cause: error,
    });
  }
  return { port, pid: child.pid ?? 0, exited, output, stop };
}

/**
 * `setpriv --pdeathsig` makes the kernel send the stop signal when this process dies, even by SIGKILL,
 * when no code of ours can run any more. util-linux, which ships it, is an essential package on Debian.
 * Elsewhere (macOS) the server is spawned directly and only an orderly end of the parent stops it.
 * `detached` puts the server outside the terminal's foreground group: Ctrl-C reaches this process alone,
 * which then stops its servers after their clients.
 */
function spawnGuarded(spec: ServerSpec, port: number) {
  const args = spec.args(port);
  const guard = process.platform === 'linux' ? findBinary('setpriv') : undefined;
  const [file, argv] = guard
    ? [guard, ['--pdeathsig', spec.stopSignal.slice(3), ...asUser(spec.user), spec.binary, ...args]]
    : [spec.binary, args];
  const child = spawn(file, argv, {
    cwd: spec.cwd ?? '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: spec.env ?? { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...(guard ? {} : spec.user),
  });
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  if (spec.logFile !== undefined) logTo(child, spec.logFile);
  return { child, exited, output: tail(child) };
}

function logTo(child: ChildProcess, path: string): void {
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  child.once('close', () => file.end());
}

/** The arguments with which setpriv gives up the caller's account. */
export function asUser(user: OsUser | undefined): string[] {
  return user ? ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'] : [];
}

/** Keeps the end of what a process prints, for error messages: whole lines, unless one alone is too long. */
function tail(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer) => {
    const all = text + chunk.toString();
    const end = all.slice(-4000);
    text = end.length < all.length ? end.slice(end.indexOf('\n') + 1) || end : all;
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}

async function untilReady(spec: ServerSpec, port: number, child: ChildProcess, timeoutMs: number) {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = new Error(`${spec.name} could not be started (${spec.binary}): ${error.message}.`);
  });
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    spec.aborted?.throwIfAborted();
    if (failure) throw failure;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `${spec.name} ended while starting on port ${port} (${child.signalCode ?? `exit code ${child.exitCode}`}).`,
      );
    }
    if (await spec.isReady(port).catch(() => false)) return;
    await sleep(20);
  }
  throw new Error(`${spec.name} did not answer on port ${port} within ${timeoutMs / 1000} s.`);
}

async function end(child: ChildProcess, exited: Promise<string>, signal: NodeJS.Signals, timeoutMs: number) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await exited;
  clearTimeout(killer);
}

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

/** Absolute path of a system program, also outside PATH; undefined when it is not installed. */
export function findBinary(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...EXTRA_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @throws {Error} one sentence that says what to install. */
export function requireBinary(name: string, packageName: string): string {
  const path = findBinary(name);
  if (path) return path;
  const command = process.platform === 'darwin' ? 'brew install' : 'sudo apt-get install -y';
  throw new Error(`The program ${name} is not installed: run "${command} ${packageName}".`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertPortFree } from '@plataforma/testing/servers/ports';
import { type RunningServer, startServer } from '@plataforma/testing/servers/server-process';
import { type Restartable, restartable } from './restartable.ts';

/** A program of the project that runs as its own process. */
export interface NodeProgram {
  readonly name: string;
  /** Arguments of node, from the program's file on; relative to the checkout. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The ports it listens on, the one that answers `readyUrl` first. */
  readonly ports: readonly [number, ...number[]];
  /** Answers 2xx over HTTP once the program serves. */
  readonly readyUrl: string;
  readonly logFile: string;
  /** Gives up a start that is under way. */
  readonly aborted?: AbortSignal | undefined;
}

const NODE_OPTIONS = [
  '--import=./infra/dev/src/stack/processes/local-only.ts',
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  // Half of what V8 takes for young objects: under load a service holds about 60 MiB less, at the same speed.
  '--max-semi-space-size=8',
  // V8 lets garbage pile up in proportion to what it may take: with its own limit, gigabytes here, a service held 310 MiB.
  '--max-old-space-size=256',
];

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Code compiled, and types stripped, by an earlier start: a program comes up in two thirds of the time. */
export const COMPILE_CACHE = join(ROOT, '.plataforma', 'compile-cache');

/**
 * Starts a program and waits until it serves.
 *
 * @throws PortTakenError when one of its ports is taken.
 * @throws Error one sentence and the program's last output when it ends or stays silent.
 */
export function startNodeProcess(program: NodeProgram): Promise<Restartable> {
  return restartable(() => launch(program));
}

async function launch(program: NodeProgram): Promise<RunningServer> {
  const [port, ...others] = program.ports;
  for (const other of others) await assertPortFree(program.name, other);
  return startServer({
    name: program.name,
    binary: process.execPath,
    args: () => [...NODE_OPTIONS, ...program.args],
    port,
    stopSignal: 'SIGTERM',
    isReady: async () => (await fetch(program.readyUrl, { signal: AbortSignal.timeout(1_000) })).ok,
    startTimeoutMs: 60_000,
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, LOCAL_HOSTS: process.env.LOCAL_HOSTS ?? '', ...program.env },
    cwd: ROOT,
    logFile: program.logFile,
    aborted: program.aborted,
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { eventually } from '@plataforma/testing/eventually';
import { removePostgresData } from '@plataforma/testing/servers/postgres';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PATIENCE = { timeoutMs: 90_000, intervalMs: 100 };

/** `npm start` as a process, on ports and data of its own. */
export class NpmStart {
  readonly ports: StackPorts;
  readonly process: ChildProcess;
  /** Its exit code; null after a signal. */
  readonly exitCode: Promise<number | null>;
  readonly #dataDir: string;
  #output = '';

  private constructor(ports: StackPorts, dataDir: string, options: readonly string[]) {
    this.ports = ports;
    this.#dataDir = dataDir;
    const moved = Object.entries(ports).map(([name, port]) => [name, `${port}`]);
    this.process = spawn(
      process.execPath,
      ['--conditions=source', 'infra/dev/src/start/main.ts', ...options],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, PLATAFORMA_DATA: dataDir, ...Object.fromEntries(moved) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.exitCode = new Promise((resolve) => this.process.once('exit', resolve));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk) => {
        this.#output += chunk;
      });
  }

  static async launch(...options: readonly string[]): Promise<NpmStart> {
    return new NpmStart(await freePorts(), await mkdtemp(join(tmpdir(), 'plataforma-start-')), options);
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  async says(text: string | RegExp): Promise<void> {
    await eventually(() => {
      if (!(typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output)))
        throw new Error(`it does not say ${text}; it has said:\n${this.#output}`);
    }, PATIENCE);
  }

  /** Once everything is up. */
  isUp(): Promise<void> {
    return this.says('Ctrl-C stops everything.');
  }

  /** In order: a PostgreSQL whose parent is killed still writes while its files are being removed. */
  async clear(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await this.exitCode;
    }
    await removePostgresData(join(this.#dataDir, 'postgres'));
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

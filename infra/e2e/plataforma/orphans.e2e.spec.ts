import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { eventually } from '@plataforma/testing/eventually';
import { assertPortFree } from '@plataforma/testing/servers/ports';
import { removePostgresData } from '@plataforma/testing/servers/postgres';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let dataDir: string;
let ports: StackPorts;
let start: ChildProcess;
let output: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plataforma-orphans-'));
  ports = await freePorts();
  output = '';
  start = spawn(process.execPath, ['--conditions=source', 'infra/dev/src/start.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PLATAFORMA_DATA: dataDir, ...asEnv(ports) },
  });
  start.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  start.stderr?.on('data', (chunk) => {
    output += chunk;
  });
});

afterEach(async () => {
  if (start.exitCode === null && start.signalCode === null) {
    // In order: a PostgreSQL whose parent is killed still writes while its files are being removed.
    const ended = once(start, 'exit');
    start.kill('SIGTERM');
    await ended;
  }
  await removePostgresData(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
});

const asEnv = (numbers: StackPorts) =>
  Object.fromEntries(Object.entries(numbers).map(([name, port]) => [name, `${port}`]));

const says = (text: string) => eventually(() => expect(output).toContain(text), { timeoutMs: 90_000 });

/** Everything the stack starts listens somewhere, so free ports mean that nothing is left. */
async function everyPortIsFree(): Promise<void> {
  for (const port of Object.values(ports)) await assertPortFree('the stack', port);
}

/** The services of this stack that still run: each has the address of its database in its environment. */
async function runningServices(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => environments[index]?.includes(`127.0.0.1:${ports.POSTGRES_PORT}/`));
}

describe('npm start', () => {
  it('stops all it has started on Ctrl-C', async () => {
    await says('Ctrl-C stops everything');
    start.kill('SIGINT');
    const [code] = await once(start, 'exit');
    expect(code).toBe(0);
    await everyPortIsFree();
  }, 120_000);

  it('stops all it has started when Ctrl-C comes half-way, and says that it did not finish', async () => {
    await says('PostgreSQL');
    start.kill('SIGINT');
    const [code] = await once(start, 'exit');
    expect(code).toBe(130);
    expect(output).toMatch(/stopping \.\.\.[\s\S]*stopped/);
    expect(output).not.toContain('✓ reservas');
    await everyPortIsFree();
  }, 120_000);

  it('takes its children along when it is killed without a warning', async () => {
    await says('Ctrl-C stops everything');
    expect(await runningServices()).toHaveLength(4);
    start.kill('SIGKILL');
    await once(start, 'exit');
    await eventually(everyPortIsFree, { timeoutMs: 30_000 });
    await eventually(async () => expect(await runningServices()).toEqual([]), { timeoutMs: 30_000 });
  }, 150_000);

  it('says which port is taken and ends with code 1', async () => {
    await says('Ctrl-C stops everything');
    const second = spawn(process.execPath, ['--conditions=source', 'infra/dev/src/start.ts', '--once'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        PLATAFORMA_DATA: `${dataDir}-2`,
        ...asEnv({ ...(await freePorts()), REDIS_PORT: ports.REDIS_PORT }),
      },
    });
    let said = '';
    second.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(second, 'exit');
    expect([code, said]).toEqual([
      1,
      expect.stringContaining(`Port ${ports.REDIS_PORT} on 127.0.0.1 is already in use`),
    ]);
    await removePostgresData(join(`${dataDir}-2`, 'postgres'));
    await rm(`${dataDir}-2`, { recursive: true, force: true });
  }, 120_000);
});

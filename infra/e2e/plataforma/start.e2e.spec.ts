import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { eventually } from '@plataforma/testing/eventually';
import { removePostgresData } from '@plataforma/testing/servers/postgres';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

jest.setTimeout(150_000);

let dataDir: string;
let ports: StackPorts;
let start: ChildProcess | undefined;
let output: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plataforma-start-'));
  ports = await freePorts();
  output = '';
});
afterEach(async () => {
  if (start && start.exitCode === null) {
    const ended = new Promise((resolve) => start?.once('exit', resolve));
    start.kill('SIGTERM');
    await ended;
  }
  await removePostgresData(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
});

/** As `npm start` runs it, on ports and data of its own. */
function npmStart(...options: string[]): { exitCode: Promise<number | null> } {
  const moved = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `${port}`]));
  const { STRIPE_SECRET_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=source', 'infra/dev/src/start.ts', ...options], {
    cwd: ROOT,
    env: { ...env, ...moved, PLATAFORMA_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  start = child;
  return { exitCode: new Promise((resolve) => child.once('exit', resolve)) };
}

const said = (text: string) => eventually(() => expect(output).toContain(text), PATIENCE);

/** The processes that the stack has started: number and command line. Asked of the parent alone, so that it is quick. */
async function children(): Promise<Map<number, string>> {
  const pids = await readFile(`/proc/${start?.pid}/task/${start?.pid}/children`, 'utf8');
  const found = await Promise.all(
    pids
      .split(' ')
      .filter(Boolean)
      .map(async (pid): Promise<[number, string]> => {
        return [Number(pid), await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')];
      }),
  );
  // One that has ended and was not looked after yet has no command line.
  return new Map(found.filter(([, command]) => command !== ''));
}

async function kill(program: string): Promise<void> {
  const found = [...(await children())].find(([, command]) => command.includes(program));
  if (!found) throw new Error(`${program} is not running`);
  process.kill(found[0], 'SIGKILL');
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok ?? false;
}

describe('npm start', () => {
  it('starts again what is killed, and Ctrl-C in the middle of that leaves no process', async () => {
    const { exitCode } = npmStart();
    await said('Ctrl-C stops everything.');

    await kill('services/pagamentos/src/main.ts');
    await said('✗ pagamentos ended by itself (SIGKILL); starting it again in 0.5 s');
    await eventually(() => expect(output).toMatch(/✓ pagamentos .* up again/), PATIENCE);
    expect(await isReady(ports.PAGAMENTOS_HTTP_PORT)).toBe(true);

    for (const [server, name] of [
      ['redis-server', 'Redis'],
      ['nats-server', 'NATS JetStream'],
      ['bin/postgres', 'PostgreSQL'],
      ['edge/main.ts', 'REST edge'],
    ] as const) {
      await kill(server);
      await eventually(() => expect(output).toMatch(new RegExp(`✓ ${name} .* up again`)), PATIENCE);
    }
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.EDGE_PORT}/.well-known/jwks.json`);
      expect(answer.status).toBe(200);
    }, PATIENCE);

    const before = [...(await children()).keys()];
    expect(before.length).toBeGreaterThan(8);
    await kill('services/reservas/src/main.ts');
    await said('✗ reservas ended by itself');
    start?.kill('SIGINT');
    expect(await exitCode).toBe(0);
    for (const pid of before) await expect(readFile(`/proc/${pid}/cmdline`)).rejects.toThrow(/ENOENT|ESRCH/);
    expect(await isReady(ports.RESERVAS_HTTP_PORT)).toBe(false);
  });

  it('--once says what died, and why, instead of starting it again', async () => {
    const { exitCode } = npmStart('--once');
    await eventually(async () => expect(await isReady(ports.NOTIFICACOES_HTTP_PORT)).toBe(true), PATIENCE);
    await kill('services/notificacoes/src/main.ts');
    expect(await exitCode).toBe(1);
    expect(output).toContain('✗ notificacoes ended by itself with SIGKILL. Its last output:\n{');
    expect(output).not.toContain('starting it again');
    expect(await isReady(ports.AUTH_HTTP_PORT)).toBe(false);
  });
});

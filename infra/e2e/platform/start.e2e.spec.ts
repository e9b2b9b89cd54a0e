import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { NpmStart } from './npm-start.ts';

const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

jest.setTimeout(150_000);

let start: NpmStart;

afterEach(() => start?.clear());

/** The processes that the stack has started: number and command line. Asked of the parent alone, so that it is quick. */
async function children(): Promise<Map<number, string>> {
  const { pid } = start.process;
  const pids = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const found = await Promise.all(
    pids
      .split(' ')
      .filter(Boolean)
      .map(async (child): Promise<[number, string]> => {
        return [Number(child), await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')];
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
    start = await NpmStart.launch();
    const { ports } = start;
    await start.isUp();

    await kill('services/pagamentos/src/main.ts');
    await start.says('✗ pagamentos ended by itself (SIGKILL); starting it again in 0.5 s');
    await start.says(/✓ pagamentos .* up again/);
    expect(await isReady(ports.PAGAMENTOS_HTTP_PORT)).toBe(true);

    for (const [server, name] of [
      ['redis-server', 'Redis'],
      ['nats-server', 'NATS JetStream'],
      ['bin/postgres', 'PostgreSQL'],
      ['edge/main.ts', 'REST edge'],
    ] as const) {
      await kill(server);
      await start.says(new RegExp(`✓ ${name} .* up again`));
    }
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.EDGE_PORT}/.well-known/jwks.json`);
      expect(answer.status).toBe(200);
    }, PATIENCE);

    const before = [...(await children()).keys()];
    expect(before.length).toBeGreaterThan(8);
    await kill('services/reservas/src/main.ts');
    await start.says('✗ reservas ended by itself');
    start.process.kill('SIGINT');
    expect(await start.exitCode).toBe(0);
    for (const pid of before) await expect(readFile(`/proc/${pid}/cmdline`)).rejects.toThrow(/ENOENT|ESRCH/);
    expect(await isReady(ports.RESERVAS_HTTP_PORT)).toBe(false);
  });

  it('--once says what died, and why, instead of starting it again', async () => {
    start = await NpmStart.launch('--once');
    const { ports } = start;
    await eventually(async () => expect(await isReady(ports.NOTIFICACOES_HTTP_PORT)).toBe(true), PATIENCE);
    await kill('services/notificacoes/src/main.ts');
    expect(await start.exitCode).toBe(1);
    expect(start.output).toContain('✗ notificacoes ended by itself with SIGKILL. Its last output:\n{');
    expect(start.output).not.toContain('starting it again');
    expect(await isReady(ports.AUTH_HTTP_PORT)).toBe(false);
  });
});

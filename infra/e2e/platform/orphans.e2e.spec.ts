import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { assertPortFree } from '@plataforma/testing/servers/ports';
import { NpmStart } from './npm-start.ts';

let start: NpmStart;

afterEach(() => start?.clear());

/** Everything the stack starts listens somewhere, so free ports mean that nothing is left. */
async function everyPortIsFree(): Promise<void> {
  for (const port of Object.values(start.ports)) await assertPortFree('the stack', port);
}

/** The services of this stack that still run: each has the address of its database in its environment. */
async function runningServices(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => environments[index]?.includes(`127.0.0.1:${start.ports.POSTGRES_PORT}/`));
}

describe('npm start', () => {
  it('stops all it has started on Ctrl-C', async () => {
    start = await NpmStart.launch();
    await start.isUp();
    start.process.kill('SIGINT');
    expect(await start.exitCode).toBe(0);
    await everyPortIsFree();
  }, 120_000);

  it('stops all it has started when Ctrl-C comes half-way, and says that it did not finish', async () => {
    start = await NpmStart.launch();
    await start.says('PostgreSQL');
    start.process.kill('SIGINT');
    expect(await start.exitCode).toBe(130);
    expect(start.output).toMatch(/stopping \.\.\.[\s\S]*stopped/);
    expect(start.output).not.toContain('✓ reservas');
    await everyPortIsFree();
  }, 120_000);

  it('takes its children along when it is killed without a warning', async () => {
    start = await NpmStart.launch();
    await start.isUp();
    expect(await runningServices()).toHaveLength(4);
    start.process.kill('SIGKILL');
    await start.exitCode;
    await eventually(everyPortIsFree, { timeoutMs: 30_000 });
    await eventually(async () => expect(await runningServices()).toEqual([]), { timeoutMs: 30_000 });
  }, 150_000);

  it('says which port is taken and ends with code 1', async () => {
    start = await NpmStart.launch('--once');
    const { REDIS_PORT } = start.ports;
    const somebody = createServer().listen(REDIS_PORT, '127.0.0.1');
    await once(somebody, 'listening');
    try {
      expect(await start.exitCode).toBe(1);
      expect(start.output).toContain(`Port ${REDIS_PORT} on 127.0.0.1 is already in use`);
    } finally {
      somebody.close();
    }
  }, 120_000);
});

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { ask } from './line-protocol.ts';
import { startNats } from './nats.ts';
import { startRedis } from './redis.ts';
import { requireBinary, startServer } from './server-process.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plataforma-teste-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('startRedis', () => {
  it('has the writes of the previous run when a data folder is given', async () => {
    const first = await startRedis({ dataDir });
    await ask(first.port, 'SET reserva res_1\r\n', '+OK');
    await first.stop();
    const second = await startRedis({ dataDir });
    const answer = await ask(second.port, 'GET reserva\r\n', 'res_1\r\n').finally(() => second.stop());
    expect(answer).toBe('$5\r\nres_1\r\n');
  });

  it('leaves no process when it is stopped, and stopping again is harmless', async () => {
    const server = await startRedis();
    await server.stop();
    await server.stop();
    expect(existsSync(`/proc/${server.pid}`)).toBe(false);
  });

  it('names the port when it is taken', async () => {
    const server = await startRedis();
    const second = startRedis({ port: server.port });
    await expect(second.finally(() => server.stop())).rejects.toThrow(
      `Port ${server.port} on 127.0.0.1 is already in use, so Redis cannot start there`,
    );
  });
});

describe('startNats', () => {
  it('serves JetStream and keeps its streams when a data folder is given', async () => {
    const first = await startNats({ dataDir });
    const stream = '{"name":"RESERVAS","subjects":["reservas.>"],"storage":"file"}';
    await request(first.port, '$JS.API.STREAM.CREATE.RESERVAS', stream);
    await first.stop();
    const second = await startNats({ dataDir });
    const names = await request(second.port, '$JS.API.STREAM.NAMES', '').finally(() => second.stop());
    expect(names).toContain('"streams":["RESERVAS"]');
  });
});

describe('startServer', () => {
  it('explains what happened when the program ends at once', async () => {
    const spec = {
      name: 'Redis',
      binary: requireBinary('redis-server', 'redis-server'),
      stopSignal: 'SIGTERM',
    } as const;
    const starting = startServer({ ...spec, args: () => ['--nonsense', '1'], isReady: async () => false });
    await expect(starting).rejects.toThrow(
      /^Redis ended while starting on port \d+ \(exit code 1\)\. Its last output:/,
    );
  });

  it('kills a program that ignores the request to end', async () => {
    const script = `process.on('SIGTERM', () => {});
      require('net').createServer((socket) => socket.end('oi')).listen(process.argv[1], '127.0.0.1');`;
    const server = await startServer({
      name: 'Teimoso',
      binary: process.execPath,
      args: (port) => ['-e', script, `${port}`],
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 50,
      isReady: async (port) => (await ask(port, '', 'oi')) === 'oi',
    });
    await server.stop();
    expect(existsSync(`/proc/${server.pid}`)).toBe(false);
  });

  it('ends the server when the parent process is killed', async () => {
    const module = new URL('./redis.ts', import.meta.url).href;
    const script = `const { startRedis } = await import('${module}'); console.log((await startRedis({ dataDir: '${dataDir}' })).pid); setInterval(() => {}, 1e6);`;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', script]);
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (line) => resolve(Number(line))),
    );
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
  });
});

/** One request over the text protocol of NATS; resolves with everything the server said. */
function request(port: number, subject: string, payload: string): Promise<string> {
  const inbox = 'CONNECT {"verbose":false}\r\nSUB resposta 1\r\n';
  return ask(port, `${inbox}PUB ${subject} resposta ${payload.length}\r\n${payload}\r\n`, 'jetstream.api');
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@plataforma/testing/servers/ports';
import { startNodeProcess } from './node-process.ts';
import type { Restartable } from './restartable.ts';

let folder: string;
const running: Restartable[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-only-'));
});
afterAll(async () => {
  for (const program of running) await program.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(
  args: readonly string[],
  env: Record<string, string>,
  [port, ...others]: [number, ...number[]],
  path = '/',
): Promise<void> {
  const program = await startNodeProcess({
    name: 'program',
    args,
    env: { PATH: process.env.PATH ?? '', ...env },
    ports: [port, ...others],
    readyUrl: `http://127.0.0.1:${port}${path}`,
    logFile: join(folder, 'log'),
  });
  running.push(program);
}

/** fetch would not send another Host than the real one. */
function ask(port: number, headers: Record<string, string>, { method = 'GET', path = '/' } = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asking.once('upgrade', () => resolve({ status: 101, headers: {} }));
    asking.once('error', reject).end();
  });
}

describe('a program of the local stack', () => {
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const file = join(folder, 'program.mjs');
    await writeFile(
      file,
      `import { createServer } from 'node:http';
       createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1');`,
    );
    await start([file], { LOCAL_HOSTS: 'Oficina.exemplo, outra.exemplo' }, [port]);
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', 'app.localhost', '[::1]', 'oficina.exemplo'])(
    'answers as %s',
    async (host) => {
      expect((await ask(port, { host: `${host}:${port}` })).status).toBe(200);
      expect((await ask(port, { host })).status).toBe(200);
    },
  );

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '127.0.0.2', '10.0.0.1'])(
    'refuses to be called %s',
    async (host) => {
      expect((await ask(port, { host: `${host}:${port}` })).status).toBe(403);
      const upgrade = { host, connection: 'upgrade', upgrade: 'websocket' };
      expect((await ask(port, upgrade)).status).toBe(403);
    },
  );
});

describe('the mail inbox', () => {
  let port: number;
  const path = '/api/email';

  beforeAll(async () => {
    const smtp = await freePort();
    port = await freePort();
    const inbox = fileURLToPath(new URL('./bin/maildev.js', import.meta.resolve('maildev')));
    const env = {
      REFUSE_OTHER_PAGES: 'true',
      MAILDEV_IP: '127.0.0.1',
      MAILDEV_WEB_IP: '127.0.0.1',
      MAILDEV_SMTP_PORT: `${smtp}`,
      MAILDEV_WEB_PORT: `${port}`,
    };
    await start(
      [inbox, '--silent', '--mail-directory', join(folder, 'mail')],
      env,
      [port, smtp],
      '/api/config',
    );
  });

  it('is read by its own page and by programs', async () => {
    const host = `127.0.0.1:${port}`;
    expect((await ask(port, { host }, { path })).status).toBe(200);
    expect((await ask(port, { host, origin: `http://${host}` }, { path })).status).toBe(200);
  });

  it.each(['https://evil.example', 'http://127.0.0.1:3000', 'null'])('is not read by %s', async (origin) => {
    const answer = await ask(port, { host: `127.0.0.1:${port}`, origin }, { path });
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    const socket = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const headers = {
      ...socket,
      host: `127.0.0.1:${port}`,
      origin,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const target = { path: '/socket.io/?EIO=4&transport=websocket' };
    expect((await ask(port, headers, target)).status).toBe(403);
  });

  it('takes no orders from another page', async () => {
    const headers = { host: `127.0.0.1:${port}`, 'sec-fetch-site': 'cross-site' };
    expect((await ask(port, headers, { method: 'DELETE', path: '/api/email/all' })).status).toBe(403);
  });
});

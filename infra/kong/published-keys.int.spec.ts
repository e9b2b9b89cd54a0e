import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

jest.setTimeout(60_000);

const jwk = (kid: string) => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  kid,
});
const VELHA = jwk('velha');
const NOVA = jwk('nova');

let folder: string;
let server: Server;
let base: string;
let keys: object[];
/** Files that Kong's Admin API was given, and what it answers. */
let loaded: string[];
let answer: number;
/** How often the published keys were asked for. */
let asked: number;
let child: ReturnType<typeof spawn> | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-keys-'));
  keys = [VELHA];
  loaded = [];
  answer = 201;
  asked = 0;
  server = createServer(async (req, res) => {
    if (req.url === '/jwks') {
      asked += 1;
      return void res.end(JSON.stringify({ keys }));
    }
    let body = '';
    for await (const chunk of req) body += chunk;
    if (`${req.method} ${req.url}` === 'POST /config?check_hash=1' && answer === 201)
      loaded.push(JSON.parse(body).config);
    res.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  const ended = child && once(child, 'close');
  child?.kill();
  await ended;
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const kidsIn = (config: string) => [...config.matchAll(/"key":"(\w+)"/g)].map(([, kid]) => kid);

it('a Kong that follows the published keys has each of them, and none that was taken back', async () => {
  const out = join(folder, 'kong.yml');
  const file = async () => kidsIn(await readFile(out, 'utf8').catch(() => ''));
  child = spawn(
    process.execPath,
    [
      ...['infra/kong/render-cli.ts', '--jwks', `${base}/jwks`, '--out', out],
      ...['--follow', '--admin', base],
    ],
    { cwd: ROOT, stdio: 'ignore' },
  );
  await eventually(async () => expect([await file(), loaded.map(kidsIn)]).toEqual([['velha'], [['velha']]]), {
    timeoutMs: 30_000,
  });
  // Busy: what is in the file has to reach Kong all the same.
  answer = 429;
  keys = [NOVA, VELHA];
  await eventually(async () => expect(await file()).toEqual(['nova', 'velha']), { timeoutMs: 10_000 });
  expect(loaded).toHaveLength(1);
  answer = 201;
  await eventually(() => expect(loaded.map(kidsIn).at(-1)).toEqual(['nova', 'velha']), { timeoutMs: 10_000 });
  keys = [];
  // Who asks once more has dealt with the answer before.
  const before = asked;
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(before + 2), { timeoutMs: 10_000 });
  expect([await file(), loaded.length]).toEqual([['nova', 'velha'], 2]);
  keys = [NOVA];
  await eventually(
    async () => expect([await file(), kidsIn(loaded.at(-1) ?? '')]).toEqual([['nova'], ['nova']]),
    {
      timeoutMs: 10_000,
    },
  );
});

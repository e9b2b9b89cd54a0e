import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import { eventually } from '@plataforma/testing/eventually';
import { type RunningServer, requireBinary, startServer } from '@plataforma/testing/servers/server-process';
import { pino } from 'pino';
import { type Env, loadConfig } from '../process/config.ts';
import { connectEventBus, type EventBus } from './event-bus.ts';
import { natsAccess, natsFields } from './nats-access.ts';

jest.setTimeout(60_000);

const run = promisify(execFile);
const logger = pino({ level: 'silent' });

let folder: string;
let server: RunningServer | undefined;
let bus: EventBus | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nats-access-'));
});
afterEach(async () => {
  await bus?.close();
  await server?.stop();
  bus = server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A server with a configuration of its own: who may come in, and how. */
async function start(configuration: string): Promise<number> {
  const file = join(folder, 'nats.conf');
  await writeFile(file, configuration);
  server = await startServer({
    name: 'NATS',
    binary: requireBinary('nats-server', 'nats-server'),
    args: (port) => ['-c', file, '-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', join(folder, 'data')],
    stopSignal: 'SIGTERM',
    isReady: (port) =>
      fetch(`http://127.0.0.1:${port}`).then(
        () => true,
        (e) => e.cause?.code !== 'ECONNREFUSED',
      ),
  });
  return server.port;
}

/** Whether a service with this environment gets in, and publishes. */
async function getsIn(env: Env): Promise<boolean> {
  await bus?.close();
  bus = await connectEventBus({ ...natsAccess(loadConfig(env, natsFields)), name: 'teste', logger });
  if (!bus.connected) return false;
  await bus.ensureStream('TESTE', ['teste.>']);
  await bus.publish({ id: randomUUID(), subject: 'teste.a', payload: '{}', headers: {} });
  return true;
}

async function fileWith(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

describe('a server that asks who comes', () => {
  it('lets in a user with a password, by variables or by the address, and no other', async () => {
    const port = await start('authorization { user: servico, password: "s3gr:d@" }');
    const NATS_URL = `nats://127.0.0.1:${port}`;
    expect(await getsIn({ NATS_URL, NATS_USER: 'servico', NATS_PASSWORD: 's3gr:d@' })).toBe(true);
    expect(await getsIn({ NATS_URL: `nats://servico:s3gr%3Ad%40@127.0.0.1:${port}` })).toBe(true);
    expect(await getsIn({ NATS_URL, NATS_USER: 'servico', NATS_PASSWORD: 'errada' })).toBe(false);
    expect(bus?.failure?.message).toMatch(/authorization/i);
    expect(await getsIn({ NATS_URL })).toBe(false);
  });

  it('lets in a client that has the token', async () => {
    const port = await start('authorization { token: abracadabra }');
    expect(await getsIn({ NATS_URL: `nats://127.0.0.1:${port}`, NATS_TOKEN: 'abracadabra' })).toBe(true);
    expect(await getsIn({ NATS_URL: `nats://abracadabra@127.0.0.1:${port}` })).toBe(true);
  });

  it('lets in an nkey, also one that was replaced while the service runs', async () => {
    const [first, second] = [nkeys.createUser(), nkeys.createUser()];
    const port = await start(
      `authorization { users: [{ nkey: ${first.getPublicKey()} }, { nkey: ${second.getPublicKey()} }] }`,
    );
    const NATS_NKEY_FILE = await fileWith('nkey', first.getSeed());
    expect(await getsIn({ NATS_URL: `nats://127.0.0.1:${port}`, NATS_NKEY_FILE })).toBe(true);
    await fileWith('nkey', nkeys.createUser().getSeed());
    await bus?.connection().reconnect();
    await eventually(() => expect(bus?.connected).toBe(false));
    await fileWith('nkey', second.getSeed());
    await eventually(() => expect(bus?.connected).toBe(true), { timeoutMs: 20_000 });
  });

  it('ends a service that may not declare its streams, for waiting would not help', async () => {
    const port = await start(
      'authorization { users: [{ user: u, password: p, permissions: { publish: { deny: "$JS.API.>" } } }] }',
    );
    await expect(getsIn({ NATS_URL: `nats://u:p@127.0.0.1:${port}` })).rejects.toThrow(
      /permissions violation/i,
    );
  });

  it('lets in the credentials of an account', async () => {
    const { configuration, creds } = operatorMode();
    const port = await start(configuration);
    const NATS_CREDS_FILE = await fileWith('user.creds', creds);
    expect(await getsIn({ NATS_URL: `nats://127.0.0.1:${port}`, NATS_CREDS_FILE })).toBe(true);
    expect(await getsIn({ NATS_URL: `nats://127.0.0.1:${port}` })).toBe(false);
  });
});

describe('TLS', () => {
  it('is demanded by tls://, with a certificate that is believed, and shows one where it is asked for', async () => {
    const { ca, cert, key } = await certificates();
    const tls = `tls { cert_file: "${cert}", key_file: "${key}", ca_file: "${ca}", verify: true }`;
    const port = await start(tls);
    const NATS_URL = `tls://localhost:${port}`;
    const own = { NATS_CERT_FILE: cert, NATS_KEY_FILE: key };
    expect(await getsIn({ NATS_URL, NATS_CA_FILE: ca, ...own })).toBe(true);
    expect(await getsIn({ NATS_URL, NATS_CA_FILE: ca })).toBe(false);
    expect(await getsIn({ NATS_URL, ...own })).toBe(false);
  });

  it('is not given up for a server without it', async () => {
    const port = await start('');
    expect(await getsIn({ NATS_URL: `tls://127.0.0.1:${port}` })).toBe(false);
    expect(bus?.failure?.message).toContain("does not support 'tls'");
    expect(await getsIn({ NATS_URL: `nats://127.0.0.1:${port}` })).toBe(true);
  });
});

describe('natsAccess', () => {
  const access = (env: Env) => natsAccess(loadConfig({ NATS_URL: 'nats://a:1', ...env }, natsFields));

  it('takes several servers, and shows none of their passwords', () => {
    const { servers } = access({ NATS_URL: 'nats://u:p@a:1, nats://b:2' });
    expect(servers).toEqual(['nats://a:1', 'nats://b:2']);
  });

  it.each([
    [{ NATS_USER: 'a' }, 'NATS_USER and NATS_PASSWORD: one of them is missing'],
    [{ NATS_PASSWORD: 'a' }, 'NATS_USER and NATS_PASSWORD: one of them is missing'],
    [{ NATS_CERT_FILE: 'a' }, 'NATS_CERT_FILE and NATS_KEY_FILE: one of them is missing'],
    [{ NATS_TOKEN: 'a', NATS_URL: 'nats://u:p@a' }, 'more than one way to log in: NATS_TOKEN, NATS_URL'],
    [{ NATS_CREDS_FILE: '/nada' }, 'NATS_CREDS_FILE cannot be read (ENOENT)'],
    [{ NATS_NKEY_FILE: '/nada' }, 'NATS_NKEY_FILE cannot be read (ENOENT)'],
    [{ NATS_CA_FILE: '/nada' }, 'NATS_CA_FILE cannot be read (ENOENT)'],
    [{ NATS_URL: 'nats://a:1,http://b' }, 'NATS_URL needs a URL that starts with nats://'],
  ])('refuses %j', (env, message) => {
    expect(() => access(env)).toThrow(message);
  });
});

/** A certificate for localhost, for server and client alike, by a CA of its own. */
async function certificates(): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, caKey, cert, key, request, extensions] = ['ca', 'ca-key', 'cert', 'key', 'csr', 'ext'].map(
    (name) => join(folder, `${name}.pem`),
  ) as [string, string, string, string, string, string];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', [
    'req',
    '-x509',
    ...curve,
    '-keyout',
    caKey,
    '-out',
    ca,
    '-subj',
    '/CN=CA',
    '-days',
    '1',
  ]);
  await run('openssl', ['req', ...curve, '-keyout', key, '-out', request, '-subj', '/CN=teste']);
  await writeFile(extensions, 'subjectAltName=DNS:localhost');
  const signing = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions, '-days', '1'];
  await run('openssl', ['x509', '-req', '-in', request, '-out', cert, ...signing]);
  return { ca, cert, key };
}

/** An operator, its account and a user of it, as `nsc` makes them. */
function operatorMode(): { configuration: string; creds: string } {
  const [operator, account, system, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ];
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const limits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const stores = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const jwt = (issuer: nkeys.KeyPair, subject: nkeys.KeyPair, nats: object) =>
    signedJwt(issuer, { sub: subject.getPublicKey(), name: 'teste', nats: { version: 2, ...nats } });
  const ofAccount = (pair: nkeys.KeyPair, more: object) =>
    jwt(operator, pair, { type: 'account', limits: { ...limits, ...more } });
  const configuration = `
    operator: ${jwt(operator, operator, { type: 'operator', system_account: system.getPublicKey() })}
    system_account: ${system.getPublicKey()}
    resolver: MEMORY
    resolver_preload: {
      ${account.getPublicKey()}: ${ofAccount(account, stores)}
      ${system.getPublicKey()}: ${ofAccount(system, {})}
    }`;
  const userJwt = jwt(account, user, { type: 'user', ...unlimited });
  const seed = new TextDecoder().decode(user.getSeed());
  const creds = [
    ...['-----BEGIN NATS USER JWT-----', userJwt, '------END NATS USER JWT------', ''],
    ...['-----BEGIN USER NKEY SEED-----', seed, '------END USER NKEY SEED------', ''],
  ].join('\n');
  return { configuration, creds };
}

function signedJwt(issuer: nkeys.KeyPair, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const standard = { jti: randomBytes(16).toString('hex'), iat: Math.floor(Date.now() / 1000) };
  const body = { ...standard, iss: issuer.getPublicKey(), ...claims };
  const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(body)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

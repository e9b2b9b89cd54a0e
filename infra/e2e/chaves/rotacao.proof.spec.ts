import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironments } from '@plataforma/dev/stack/environments';
import { portsOf, SERVICES, type ServiceName } from '@plataforma/dev/stack/service-env';
import type { Customer } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';
import { Carga } from './carga.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** No token of a key that was taken back works anywhere after so long. */
const RECOLHIDA_MS = 10_000;
const PESSOAS = 6;
/** What people read, in each service itself. */
const LEITURAS: Readonly<Record<ServiceName, string>> = {
  auth: 'auth.v1.UsersService/GetMe',
  reservas: 'reservas.v1.ReservasService/ListarReservas',
  pagamentos: 'pagamentos.v1.PagamentosService/ListarTransacoes',
  notificacoes: 'notificacoes.v1.NotificacoesService/ListarNotificacoes',
};

let stack: TestStack;
let people: Customer[];
let carga: Carga | undefined;

beforeAll(async () => {
  stack = await TestStack.start();
  people = [];
  for (let n = 0; n < PESSOAS; n++) people.push(await stack.newCustomer());
}, 170_000);

afterAll(async () => {
  await carga?.stop();
  await stack?.stop();
}, 60_000);

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;

async function keysRotate(...words: string[]): Promise<{ code: number; said: string }> {
  const env = (await readEnvironments(stack.stack.dataDir))?.auth;
  const child = spawn(
    process.execPath,
    ['--conditions=source', 'services/auth/src/commands/rotate-keys.ts', ...words],
    { cwd: ROOT, env: { ...env } },
  );
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { code, said };
}

async function published(): Promise<string[]> {
  const answer = await fetch(`${stack.edgeUrl}/.well-known/jwks.json`);
  return ((await answer.json()) as { keys: Array<{ kid: string }> }).keys.map(({ kid }) => kid);
}

/** What the edge and each service itself answer to this token. */
async function statuses(token: string): Promise<Record<string, number>> {
  const authorization = `Bearer ${token}`;
  const edge = fetch(`${stack.edgeUrl}/api/v1/reservas`, { headers: { authorization } });
  const own = SERVICES.map((name) =>
    fetch(`http://127.0.0.1:${portsOf(name, stack.stack.ports).http}/${LEITURAS[name]}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    }),
  );
  const answers = await Promise.all([edge, ...own]);
  return Object.fromEntries(['edge', ...SERVICES].map((name, n) => [name, answers[n]?.status ?? 0]));
}

const everywhere = (status: number) => ({
  ...{ edge: status, auth: status, reservas: status, pagamentos: status, notificacoes: status },
});

describe('a rotation under load', () => {
  it('fails no request, and people go on with tokens of both keys', async () => {
    const [old = ''] = await published();
    carga = new Carga(stack, people);
    await delay(2_000);
    const { code, said } = await keysRotate();
    const oldToken = carga.tokens[0] ?? '';
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('accepted everywhere') });
    // Every process of auth looks up the key that signs within five seconds.
    await delay(7_000);
    await carga.stop();
    expect(carga.failures).toEqual([]);
    expect(carga.answered).toBeGreaterThan(100);
    const [nova] = await published();
    expect(await published()).toEqual([nova, old]);
    expect([kidOf(oldToken), kidOf(carga.tokens.at(-1) ?? '')]).toEqual([old, nova]);
    expect(await statuses(oldToken)).toEqual(everywhere(200));
    expect(await statuses(carga.tokens.at(-1) ?? '')).toEqual(everywhere(200));
  }, 120_000);
});

describe('keys that are taken back', () => {
  it('work nowhere after ten seconds, and people refresh and go on', async () => {
    const person = people[0];
    if (!person) throw new Error('nobody is there');
    const login = await stack.rest.post<{ accessToken: string; refreshToken: string }>('/api/v1/auth/login', {
      email: person.email,
      password: 'Senha@123',
    });
    const { accessToken, refreshToken } = login.body;
    // Accepted lately, so a service could know it by heart.
    expect(await statuses(accessToken)).toEqual(everywhere(200));
    const [old] = await published();
    const running = keysRotate('--emergency');
    while ((await published()).includes(old ?? '')) await delay(20);
    const begin = performance.now();
    let now = await statuses(accessToken);
    while (Object.values(now).some((status) => status !== 401) && performance.now() - begin < RECOLHIDA_MS) {
      await delay(100);
      now = await statuses(accessToken);
    }
    expect(now).toEqual(everywhere(401));
    const { code, said } = await running;
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining('no address takes the old key any more'),
    });
    const { body } = await stack.rest.post<{ accessToken: string }>('/api/v1/auth/refresh', { refreshToken });
    expect(await statuses(body.accessToken)).toEqual(everywhere(200));
    expect(await published()).toEqual([kidOf(body.accessToken)]);
  }, 120_000);
});

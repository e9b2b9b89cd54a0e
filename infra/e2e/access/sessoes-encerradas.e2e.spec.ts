import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { TestStack } from '../platform/test-stack.ts';

const PASSWORD = 'Senha@123';
/** What is promised. */
const WITHIN_MS = 5_000;

let platform: TestStack;
let adminToken: string;

beforeAll(async () => {
  platform = await TestStack.start();
  adminToken = (await platform.admin()).token;
}, 120_000);

afterAll(() => platform?.stop(), 60_000);

/** A read and a change of each service. */
const CALLS: readonly (readonly [port: keyof TestStack['stack']['ports'], path: string])[] = [
  ['AUTH_HTTP_PORT', 'auth.v1.AuthService/ListSessions'],
  ['AUTH_HTTP_PORT', 'auth.v1.AuthService/ResendVerification'],
  ['RESERVAS_HTTP_PORT', 'reservas.v1.ReservasService/ListarReservas'],
  ['RESERVAS_HTTP_PORT', 'reservas.v1.ReservasService/CotarReserva'],
  ['PAGAMENTOS_HTTP_PORT', 'pagamentos.v1.PagamentosService/ObterCreditos'],
  ['PAGAMENTOS_HTTP_PORT', 'pagamentos.v1.PagamentosService/CriarCobranca'],
  ['NOTIFICACOES_HTTP_PORT', 'notificacoes.v1.NotificacoesService/ObterPreferencias'],
  ['NOTIFICACOES_HTTP_PORT', 'notificacoes.v1.NotificacoesService/AtualizarPreferencias'],
];

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function login(email: string, dispositivo = 'Firefox'): Promise<Tokens> {
  const response = await fetch(`${platform.edgeUrl}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': dispositivo },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Tokens;
}

/** The reason for which a call is refused; null for none. */
async function refusal(token: string, [port, path]: (typeof CALLS)[number]): Promise<string | null> {
  const response = await fetch(`http://127.0.0.1:${platform.stack.ports[port]}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(10_000),
  });
  await response.arrayBuffer();
  return response.status === 401 ? response.headers.get('x-erro-codigo') : null;
}

const refusals = (token: string) => Promise.all(CALLS.map((call) => refusal(token, call)));

const NONE = CALLS.map(() => null);
const ALL = CALLS.map(() => 'TOKEN_INVALIDO');

/** Milliseconds until every call of every service is refused. */
async function refusedEverywhere(token: string): Promise<number> {
  const began = performance.now();
  for (;;) {
    const answers = await refusals(token);
    const ms = performance.now() - began;
    if (answers.every((reason) => reason === 'TOKEN_INVALIDO')) return ms;
    if (ms > 30_000) throw new Error(`after ${ms} ms: ${JSON.stringify(answers)}`);
  }
}

const change = (id: string, body: unknown) => platform.call(adminToken, 'PATCH', `/api/v1/users/${id}`, body);

const revoke = (by: Tokens, of: Tokens) =>
  platform.call(by.accessToken, 'DELETE', `/api/v1/auth/sessions/${of.refreshToken.split('.')[0]}`);

interface Scene {
  readonly id: string;
  readonly email: string;
  /** The session that ends. */
  readonly session: Tokens;
  /** Another one of the same person. */
  readonly other: Tokens;
}

async function scene(): Promise<Scene> {
  const { id, email } = await platform.newCustomer();
  return { id, email, session: await login(email), other: await login(email) };
}

async function refresh(refreshToken: string) {
  return platform.rest.post<Tokens>('/api/v1/auth/refresh', { refreshToken });
}

/** The code for another password, from the mailbox. */
async function resetCode(email: string): Promise<string> {
  let code: string | undefined;
  await eventually(
    async () => {
      const mail = (await platform.emailsTo(email)).find(({ subject }) => subject === 'Redefina sua senha');
      code = /[\w-]{43}/.exec(mail?.html ?? '')?.[0];
      expect(code).toBeDefined();
    },
    { timeoutMs: 30_000 },
  );
  return code ?? '';
}

const NEW_PASSWORD = 'outras quatro palavras quaisquer';

const ENDS: readonly (readonly [string, (scene: Scene) => Promise<unknown>, 'one' | 'all'])[] = [
  ['a logout', ({ session }) => platform.call(session.accessToken, 'POST', '/api/v1/auth/logout', {}), 'one'],
  ['its owner, from another session', ({ session, other }) => revoke(other, session), 'one'],
  [
    'its owner, who ends all but another one',
    ({ other }) => platform.call(other.accessToken, 'DELETE', '/api/v1/auth/sessions'),
    'one',
  ],
  [
    'a refresh token that is used a second time',
    async ({ session }) => {
      const { body } = await refresh(session.refreshToken);
      await refresh(body.refreshToken);
      await expect(refresh(session.refreshToken)).rejects.toThrow();
    },
    'one',
  ],
  [
    'another password',
    ({ session }) =>
      platform.call(session.accessToken, 'POST', '/api/v1/auth/password/change', {
        ...{ currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      }),
    'all',
  ],
  [
    'a new password for one that is forgotten',
    async ({ email }) => {
      await platform.rest.post('/api/v1/auth/password/forgot', { email });
      const codigo = await resetCode(email);
      await platform.rest.post('/api/v1/auth/password/reset', { codigo, newPassword: NEW_PASSWORD });
    },
    'all',
  ],
  ['a suspension', ({ id }) => change(id, { ativo: false }), 'all'],
  [
    'another role',
    ({ id }) => change(id, { papeis: ['GESTOR'], password: platform.stack.secrets.adminPassword }),
    'all',
  ],
];

describe('a session that is ended', () => {
  it.each(ENDS)(
    'by %s is refused by every service within five seconds, reads and changes',
    async (_, end, which) => {
      const it = await scene();
      expect(await refusals(it.session.accessToken)).toEqual(NONE);
      await end(it);
      expect(await refusedEverywhere(it.session.accessToken)).toBeLessThan(WITHIN_MS);
      if (which === 'all') expect(await refusedEverywhere(it.other.accessToken)).toBeLessThan(WITHIN_MS);
      else expect(await refusals(it.other.accessToken)).toEqual(NONE);
    },
    60_000,
  );

  it('is listed by its device until then, over REST', async () => {
    const { email } = await platform.newCustomer();
    const { accessToken } = await login(email, 'Telefone da Ana');
    const list = await platform.call<{ sessoes: { dispositivo: string; atual: boolean; ip: string }[] }>(
      ...([accessToken, 'GET', '/api/v1/auth/sessions'] as const),
    );
    expect(list.body.sessoes[0]).toMatchObject({
      dispositivo: 'Telefone da Ana',
      atual: true,
      ip: '127.0.0.1',
    });
  });

  it('stays refused by services that start again while NATS and Redis are away', async () => {
    const { session, other } = await scene();
    await revoke(other, session);
    await refusedEverywhere(session.accessToken);
    const { nats, redis } = platform.stack.servers;
    await Promise.all([nats.stop(), redis.stop()]);
    try {
      // All services have this from the same runtime, and auth keeps by itself what reservas has heard.
      for (const name of ['reservas', 'auth'] as const) {
        await platform.stack.service(name).kill();
        await platform.stack.service(name).restart();
      }
      expect(await refusals(session.accessToken)).toEqual(ALL);
      const open = await refusals(other.accessToken);
      expect(open.filter((reason) => reason === 'TOKEN_INVALIDO')).toEqual([]);
    } finally {
      await Promise.all([nats.restart(), redis.restart()]);
    }
  }, 180_000);

  it('is over in auth at once while NATS is away, and in the others as soon as it is back', async () => {
    const { id, session } = await scene();
    const { nats } = platform.stack.servers;
    await nats.stop();
    let answers: (string | null)[] = [];
    try {
      await change(id, { ativo: false });
      await eventually(async () => {
        answers = await refusals(session.accessToken);
        expect(answers.slice(0, 2)).toEqual(['TOKEN_INVALIDO', 'TOKEN_INVALIDO']);
      });
      expect(answers.slice(2)).toEqual(NONE.slice(2));
    } finally {
      await nats.restart();
    }
    expect(await refusedEverywhere(session.accessToken)).toBeLessThan(WITHIN_MS);
  }, 90_000);

  it('is refused within five seconds by a service that was away when it ended', async () => {
    const { session, other } = await scene();
    const pagamentos = platform.stack.service('pagamentos');
    await pagamentos.kill();
    await revoke(other, session);
    await pagamentos.restart();
    expect(await refusedEverywhere(session.accessToken)).toBeLessThan(WITHIN_MS);
  }, 90_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { eventually } from '@plataforma/testing/eventually';
import { type Customer, TestStack } from '../plataforma/test-stack.ts';

let platform: TestStack;
let adminToken: string;

beforeAll(async () => {
  platform = await TestStack.start();
  const login = { email: ADMIN_EMAIL, password: platform.stack.secrets.adminPassword };
  adminToken = (await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', login)).body
    .accessToken;
}, 60_000);

afterAll(() => platform?.stop());

async function call(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(platform.edgeUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const { reason } = (await response.json()) as { reason?: string };
  return { status: response.status, reason };
}

const change = ({ id }: Customer, body: unknown) => call(adminToken, 'PATCH', `/api/v1/users/${id}`, body);

const OVER = { status: 401, reason: 'TOKEN_INVALIDO' };

/** One call of each service that would make something lasting. */
const LASTING: readonly (readonly [string, string, string, unknown])[] = [
  ['reservas', 'POST', '/api/v1/reservas/cotacao', {}],
  ['reservas', 'POST', '/api/v1/calendarios', {}],
  ['pagamentos', 'POST', '/api/v1/pagamentos', {}],
  ['notificacoes', 'PUT', '/api/v1/notificacoes/preferencias', {}],
];

describe('the token of an account that was suspended or changed its roles', () => {
  it.each([
    ['suspended', { ativo: false }],
    ['demoted', { papeis: ['CLIENTE'] }],
  ])('makes nothing lasting in any service once it is %s', async (_, mudanca) => {
    const customer = await platform.newCustomer();
    await change(customer, { papeis: ['CLIENTE', 'ADMIN'] });
    const { body } = await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', {
      email: customer.email,
      password: 'Senha@123',
    });
    expect(await call(body.accessToken, 'POST', '/api/v1/reservas/cotacao', {})).toMatchObject({
      reason: 'REQUISICAO_INVALIDA',
    });
    expect((await change(customer, mudanca)).status).toBe(200);
    for (const [, method, path, content] of LASTING)
      await eventually(async () => expect(await call(body.accessToken, method, path, content)).toEqual(OVER));
  });
});

describe('an answer over REST', () => {
  it('says that it is what it says, and that tokens are kept by nobody', async () => {
    const { email } = await platform.newCustomer();
    const login = await fetch(`${platform.edgeUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'Senha@123' }),
    });
    const refused = await fetch(`${platform.edgeUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'errada' }),
    });
    const jwks = await fetch(`${platform.edgeUrl}/.well-known/jwks.json`);
    expect([login.status, refused.status, jwks.status]).toEqual([200, 401, 200]);
    expect(login.headers.get('cache-control')).toBe('no-store');
    for (const { headers } of [login, refused, jwks])
      expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;
let adminToken: string;

beforeAll(async () => {
  platform = await sharedPlatform();
  adminToken = (await platform.admin()).token;
}, 120_000);

async function call(token: string, method: string, path: string, body?: unknown) {
  const { status, body: answer } = await platform.call<{ reason?: string }>(token, method, path, body);
  return { status, reason: answer.reason };
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
    await change(customer, { papeis: ['CLIENTE', 'ADMIN'], password: platform.stack.secrets.adminPassword });
    const { token } = await platform.login(customer.email);
    expect(await call(token, 'POST', '/api/v1/reservas/cotacao', {})).toMatchObject({
      reason: 'REQUISICAO_INVALIDA',
    });
    expect((await change(customer, mudanca)).status).toBe(200);
    for (const [, method, path, content] of LASTING)
      await eventually(async () => expect(await call(token, method, path, content)).toEqual(OVER));
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

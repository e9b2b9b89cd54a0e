import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES, type RouteRow } from '@plataforma/dev/access/table';
import { portsOf } from '@plataforma/dev/stack/service-env';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { claimsOf } from './scene.ts';
import { serviceToken, signed, signingKeyOf } from './signing-key.ts';

let platform: Platform;
let dono: Customer;
let stranger: Customer;
let admin: string;
/** Of reservas, for pagamentos. */
let servico: string;
let expired: string;

beforeAll(async () => {
  platform = await sharedPlatform();
  [dono, stranger] = [await platform.newCustomer(), await platform.newCustomer()];
  admin = (await platform.admin()).token;
  await platform.paid(dono);
  const key = await signingKeyOf(platform);
  const claims = claimsOf(dono.token);
  servico = serviceToken(key, claims, 'reservas', 'pagamentos');
  const now = Math.floor(Date.now() / 1000);
  expired = signed(key, { ...claims, iat: now - 590, nbf: now - 600, exp: now - 60 });
}, 240_000);

const at = (base: string, { method, path }: RouteRow, token?: string, query = '') =>
  fetch(`${base}${path.replace('*', 'none.ics')}${query}`, {
    method,
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
    signal: AbortSignal.timeout(30_000),
  });

const atService = ({ servico: name }: RouteRow) =>
  `http://127.0.0.1:${portsOf(name, platform.stack.ports).http}`;

const FOR_OPERATORS = ['/healthz', '/readyz', '/metrics'];
const routesWhere = (fits: (row: RouteRow) => boolean) =>
  ROUTES.filter(fits).map((row) => [`${row.servico} ${row.method} ${row.path}`, row] as const);

const open = routesWhere(({ acesso }) => acesso === 'PUBLICO');
const byAddress = routesWhere(({ acesso }) => acesso === 'ENDERECO');
const bySignature = routesWhere(({ acesso }) => acesso === 'ASSINATURA');
const byToken = routesWhere(({ acesso }) => acesso === 'AUTENTICADO' || typeof acesso === 'object');

it('every route of the table is walked by', () => {
  expect(open.length + byAddress.length + bySignature.length + byToken.length).toBe(ROUTES.length);
});

describe('a route for everyone', () => {
  it.each(open)('%s answers, and the gateway leads to it unless it is for operators', async (_, row) => {
    // What is posted has to bring its proof, and here it does not.
    const answered = row.method === 'POST' ? 400 : 200;
    expect((await at(atService(row), row)).status).toBe(answered);
    const outside = await at(platform.edgeUrl, row);
    expect([row.path, outside.status]).toEqual([row.path, FOR_OPERATORS.includes(row.path) ? 404 : answered]);
  });
});

describe('a route whose address is the secret', () => {
  it.each(byAddress)('%s answers who has it, and nobody with another one', async (_, row) => {
    const { body } = await dono.rest.post<{ url: string }>('/api/v1/calendarios', {});
    expect((await fetch(body.url)).status).toBe(200);
    const other = body.url.replace(/.(\.ics)$/, (end) => (end.startsWith('A') ? 'B.ics' : 'A.ics'));
    expect((await fetch(other)).status).toBe(404);
    for (const base of [platform.edgeUrl, atService(row)])
      expect((await at(base, row, admin)).status).toBe(404);
  });
});

describe('a route for who signs', () => {
  it.each(bySignature)('%s takes nothing without, ADMIN or not', async (_, row) => {
    for (const base of [platform.edgeUrl, atService(row)])
      for (const token of [undefined, admin])
        expect(await (await at(base, row, token)).json()).toMatchObject({ reason: 'ASSINATURA_INVALIDA' });
  });
});

describe('a route for who has a token', () => {
  it.each(byToken)('%s refuses all others', async (_, row) => {
    for (const base of [platform.edgeUrl, atService(row)]) {
      expect((await at(base, row)).status).toBe(401);
      expect((await at(base, row, expired)).status).toBe(401);
      expect((await at(base, row, servico)).status).toBe(403);
    }
  });

  it.each(byToken)('%s shows others nothing of the owner', async (_, row) => {
    const query = `?clienteId=${dono.id}`;
    const seen = async (token: string) => (await at(platform.edgeUrl, row, token, query)).text();
    expect(await seen(dono.token)).toContain(dono.id);
    expect(await seen(admin)).toContain(dono.id);
    expect(await seen(stranger.token)).not.toContain(dono.id);
  });
});

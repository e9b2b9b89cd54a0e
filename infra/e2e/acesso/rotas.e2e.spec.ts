import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES, type RouteRow } from '@plataforma/dev/access/table';
import { portsOf } from '@plataforma/dev/stack/service-env';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { claimsOf } from './cena.ts';
import { assinado, chaveDe, tokenDeServico } from './chave.ts';

let platform: Platform;
let dono: Customer;
let estranho: Customer;
let admin: string;
/** Of reservas, for pagamentos. */
let servico: string;
let expirado: string;

beforeAll(async () => {
  platform = await sharedPlatform();
  [dono, estranho] = [await platform.newCustomer(), await platform.newCustomer()];
  admin = (await platform.admin()).token;
  await platform.paid(dono);
  const chave = await chaveDe(platform);
  const claims = claimsOf(dono.token);
  servico = tokenDeServico(chave, claims, 'reservas', 'pagamentos');
  const now = Math.floor(Date.now() / 1000);
  expirado = assinado(chave, { ...claims, iat: now - 590, nbf: now - 600, exp: now - 60 });
}, 240_000);

const at = (base: string, { method, path }: RouteRow, token?: string, query = '') =>
  fetch(`${base}${path.replace('*', 'nenhum.ics')}${query}`, {
    method,
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
    signal: AbortSignal.timeout(30_000),
  });

const noServico = ({ servico: nome }: RouteRow) =>
  `http://127.0.0.1:${portsOf(nome, platform.stack.ports).http}`;

const OPERACIONAIS = ['/healthz', '/readyz', '/metrics'];
const dasQue = (acesso: (row: RouteRow) => boolean) =>
  ROUTES.filter(acesso).map((row) => [`${row.servico} ${row.method} ${row.path}`, row] as const);

const publicas = dasQue(({ acesso }) => acesso === 'PUBLICO');
const porEndereco = dasQue(({ acesso }) => acesso === 'ENDERECO');
const assinadas = dasQue(({ acesso }) => acesso === 'ASSINATURA');
const comToken = dasQue(({ acesso }) => acesso === 'AUTENTICADO' || typeof acesso === 'object');

it('every route of the table is walked by', () => {
  expect(publicas.length + porEndereco.length + assinadas.length + comToken.length).toBe(ROUTES.length);
});

describe('a route for everyone', () => {
  it.each(publicas)('%s answers, and the gateway leads to it unless it is for operators', async (_, row) => {
    expect((await at(noServico(row), row)).status).toBe(200);
    const fora = await at(platform.edgeUrl, row);
    expect([row.path, fora.status]).toEqual([row.path, OPERACIONAIS.includes(row.path) ? 404 : 200]);
  });
});

describe('a route whose address is the secret', () => {
  it.each(porEndereco)('%s answers who has it, and nobody with another one', async (_, row) => {
    const { body } = await dono.rest.post<{ url: string }>('/api/v1/calendarios', {});
    expect((await fetch(body.url)).status).toBe(200);
    const outro = body.url.replace(/.(\.ics)$/, (fim) => (fim.startsWith('A') ? 'B.ics' : 'A.ics'));
    expect((await fetch(outro)).status).toBe(404);
    for (const base of [platform.edgeUrl, noServico(row)])
      expect((await at(base, row, admin)).status).toBe(404);
  });
});

describe('a route for who signs', () => {
  it.each(assinadas)('%s takes nothing without, ADMIN or not', async (_, row) => {
    for (const base of [platform.edgeUrl, noServico(row)])
      for (const token of [undefined, admin])
        expect(await (await at(base, row, token)).json()).toMatchObject({ reason: 'ASSINATURA_INVALIDA' });
  });
});

describe('a route for who has a token', () => {
  it.each(comToken)('%s refuses all others', async (_, row) => {
    for (const base of [platform.edgeUrl, noServico(row)]) {
      expect((await at(base, row)).status).toBe(401);
      expect((await at(base, row, expirado)).status).toBe(401);
      expect((await at(base, row, servico)).status).toBe(403);
    }
  });

  it.each(comToken)('%s shows others nothing of the owner', async (_, row) => {
    const query = `?clienteId=${dono.id}`;
    const visto = async (token: string) => (await at(platform.edgeUrl, row, token, query)).text();
    expect(await visto(dono.token)).toContain(dono.id);
    expect(await visto(admin)).toContain(dono.id);
    expect(await visto(estranho.token)).not.toContain(dono.id);
  });
});

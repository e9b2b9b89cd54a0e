import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { claimsOf, withPapeis } from './scene.ts';

const PASSWORD = 'Senha@123';
/** What is promised of ended sessions. */
const WITHIN = { timeoutMs: 5_000 };

let platform: Platform;
let dono: Customer;

beforeAll(async () => {
  platform = await sharedPlatform();
  dono = await platform.newCustomer();
}, 240_000);

interface Chave {
  readonly id: string;
  readonly segredo: string;
}

async function novaChave(owner: Customer, ...escopos: string[]): Promise<Chave> {
  const pedido = { nome: 'ERP', escopos, password: PASSWORD };
  const { status, body } = await platform.call<Chave>(
    owner.token,
    'POST',
    '/api/v1/integracoes/chaves',
    pedido,
  );
  expect(status).toBe(201);
  return body;
}

/** Asks the gateway for a token, as a library of OAuth 2.0 does. */
async function tokenOf({ id, segredo }: Chave): Promise<{ status: number; token: string }> {
  const response = await fetch(`${platform.edgeUrl}/api/v1/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${segredo}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await response.json()) as { access_token?: string };
  return { status: response.status, token: body.access_token ?? '' };
}

/** A program that acts by a key with these scopes. */
async function program(owner: Customer, ...escopos: string[]) {
  const chave = await novaChave(owner, ...escopos);
  const { token } = await tokenOf(chave);
  return { ...owner, chave, token, rest: platform.rest.as(token) };
}

describe('a program with an API key, through the gateway', () => {
  it('quotes, books, pays, and cancels in the name of its owner', async () => {
    const erp = await program(dono, 'espacos:ler', 'reservas:ler', 'reservas:escrever', 'pagamentos:ler');
    const { espacoId, dataInicio, dataFim } = platform.nextSlot();
    const free = await erp.rest.get(
      `/api/v1/espacos/${espacoId}/disponibilidade?dataInicio=${dataInicio}&dataFim=${dataFim}`,
    );
    expect(free.status).toBe(200);
    const quote = await erp.rest.post('/api/v1/reservas/cotacao', { espacoId, dataInicio, dataFim });
    expect(quote.status).toBe(200);
    const reserva = await platform.reserve(erp);
    await platform.pay(reserva);
    const { pagamentoId } = await platform.becomes(erp, reserva.id, 'CONFIRMADA');
    expect((await erp.rest.get(`/api/v1/pagamentos/${pagamentoId}`)).status).toBe(200);
    // It is the owner's as any other is.
    const seen = await platform.reserva(dono, reserva.id);
    expect(seen).toMatchObject({ status: 'CONFIRMADA', clienteId: dono.id });
    const cancelled = await erp.rest.post<ReservaRest>(`/api/v1/reservas/${reserva.id}/cancelar`, {
      motivo: 'Mudança de planos',
    });
    expect(cancelled.body.status).toBe('CANCELADA');
  });

  it('is told which scope it lacks, also by a plain route', async () => {
    const erp = await program(dono, 'reservas:ler');
    const refused = async (method: string, path: string, body?: object) => {
      const answer = await platform.call(erp.token, method, path, body);
      return [answer.status, answer.body.reason, answer.body.message];
    };
    const lacks = (escopo: string) => [403, 'ACESSO_NEGADO', `A chave de API não tem o escopo ${escopo}.`];
    expect(await refused('POST', '/api/v1/reservas', platform.nextSlot())).toEqual(
      lacks('reservas:escrever'),
    );
    expect(await refused('GET', '/api/v1/transacoes.csv')).toEqual(lacks('pagamentos:ler'));
    expect((await refused('GET', '/api/v1/users/me')).slice(0, 2)).toEqual([403, 'ACESSO_NEGADO']);
    expect((await refused('GET', '/api/v1/integracoes/chaves')).slice(0, 2)).toEqual([403, 'ACESSO_NEGADO']);
  });

  it('of an administrator makes the address of a webhook, and one of a customer does not', async () => {
    const admin = await withPapeis(platform, ['CLIENTE', 'ADMIN']);
    const webhook = { nome: 'Loja', url: 'https://example.com/ganchos', tipos: ['RESERVA_CONFIRMADA'] };
    const make = async (owner: Customer) => {
      const { token } = await program(owner, 'webhooks:escrever');
      return platform.call(token, 'POST', '/api/v1/integracoes/webhooks', webhook);
    };
    const made = await make(admin);
    expect(made.status).toBe(201);
    await platform.call(admin.token, 'DELETE', `/api/v1/integracoes/webhooks/${made.body.id}`);
    expect((await make(dono)).status).toBe(403);
  });

  it('is out everywhere within seconds of the end of its key, as after a session', async () => {
    const erp = await program(dono, 'reservas:ler', 'pagamentos:ler', 'notificacoes:ler');
    const reads = ['/api/v1/reservas', '/api/v1/creditos', '/api/v1/notificacoes'];
    const statuses = async () =>
      Promise.all(reads.map(async (path) => (await platform.call(erp.token, 'GET', path)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(claimsOf(erp.token)).toMatchObject({ sub: dono.id, client_id: erp.chave.id });
    await platform.call(dono.token, 'DELETE', `/api/v1/integracoes/chaves/${erp.chave.id}`);
    expect((await tokenOf(erp.chave)).status).toBe(401);
    await eventually(async () => expect(await statuses()).toEqual([401, 401, 401]), WITHIN);
    expect((await platform.call(dono.token, 'GET', '/api/v1/reservas')).status).toBe(200);
  });
});

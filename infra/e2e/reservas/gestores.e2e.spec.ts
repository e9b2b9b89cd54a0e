import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { eventually } from '@plataforma/testing/eventually';
import { type Customer, type ReservaRest, TestStack } from '../plataforma/test-stack.ts';

let platform: TestStack;
let adminToken: string;

beforeAll(async () => {
  platform = await TestStack.start();
  const login = { email: ADMIN_EMAIL, password: platform.stack.secrets.adminPassword };
  adminToken = (await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', login)).body
    .accessToken;
}, 60_000);

afterAll(() => platform?.stop());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Any method, whatever the answer. */
async function call(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(platform.edgeUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A customer who has become a GESTOR, with a token that says so. */
async function newManager(): Promise<Customer> {
  const customer = await platform.newCustomer();
  const papeis = ['CLIENTE', 'GESTOR'];
  const patched = await call(adminToken, 'PATCH', `/api/v1/users/${customer.id}`, { papeis });
  expect([patched.status, patched.body.papeis]).toEqual([200, papeis]);
  const login = { email: customer.email, password: 'Senha@123' };
  const { body } = await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', login);
  return { ...customer, token: body.accessToken, rest: platform.rest.as(body.accessToken) };
}

describe('a GESTOR over REST', () => {
  it('runs the space from the moment it is assigned until it is taken away', async () => {
    const manager = await newManager();
    const customer = await platform.newCustomer();
    const reserva = await platform.reserve(customer);
    const space = `/api/v1/espacos/${platform.room.id}`;
    const read = () => call(manager.token, 'GET', `/api/v1/reservas/${reserva.id}`);
    expect(await read()).toMatchObject({ status: 404, body: { reason: 'RESERVA_NAO_ENCONTRADA' } });
    expect(await call(manager.token, 'PATCH', space, { capacidade: 11 })).toMatchObject({
      status: 403,
      body: { reason: 'ACESSO_NEGADO' },
    });

    const assignment = `${space}/gestores/${manager.id}`;
    expect(await call(adminToken, 'PUT', assignment)).toMatchObject({
      status: 200,
      body: { espacoId: platform.room.id, usuarioId: manager.id },
    });
    expect((await call(adminToken, 'GET', `${space}/gestores`)).body.gestores).toHaveLength(1);
    expect((await call(manager.token, 'PATCH', space, { capacidade: 11 })).body.capacidade).toBe(11);
    expect((await read()).status).toBe(200);
    const { body: list } = await call(manager.token, 'GET', `/api/v1/reservas?espacoId=${platform.room.id}`);
    expect((list.reservas as ReservaRest[]).map(({ id }) => id)).toContain(reserva.id);
    const cancelled = await call(manager.token, 'POST', `/api/v1/reservas/${reserva.id}/cancelar`, {
      motivo: 'vazamento',
      excepcional: 'PROBLEMA_NO_ESPACO',
    });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELADA']);

    expect((await call(adminToken, 'DELETE', assignment)).status).toBe(200);
    expect((await read()).status).toBe(404);
  });
});

describe('a space that costs nothing', () => {
  it('is booked without a checkout, and the e-mail asks for no money', async () => {
    const free = { centavos: 0, moeda: 'BRL' };
    const espaco = { nome: 'Praça', tipo: 'QUADRA', capacidade: 50, precoPorHora: free, taxaLimpeza: free };
    const { body: created } = await call(adminToken, 'POST', '/api/v1/espacos', espaco);
    const customer = await platform.newCustomer();
    const slot = { ...platform.nextSlot(), espacoId: created.id };
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
    expect([reserva.status, reserva.valor.centavos ?? 0, reserva.checkoutUrl ?? '']).toEqual([
      'CONFIRMADA',
      0,
      '',
    ]);
    await eventually(
      async () => {
        const emails = await platform.emailsTo(customer.email);
        const confirmed = emails.filter(({ subject }) => subject.startsWith('Reserva confirmada: Praça'));
        expect(confirmed.map(({ html }) => html?.includes('Nada a pagar'))).toEqual([true]);
        expect(confirmed[0]?.html).not.toContain('Valor pago');
      },
      { timeoutMs: 30_000 },
    );
    const charges = await platform.query<{ total: number }>(
      'pagamentos',
      'select count(*)::int as total from pagamentos where reserva_id = $1',
      [reserva.id],
    );
    expect(charges).toEqual([{ total: 0 }]);
    const cancelled = await call(customer.token, 'POST', `/api/v1/reservas/${reserva.id}/cancelar`, {});
    expect(cancelled.body.status).toBe('CANCELADA');
  });
});

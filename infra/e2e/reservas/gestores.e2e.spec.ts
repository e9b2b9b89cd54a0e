import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;
let adminToken: string;

beforeAll(async () => {
  platform = await sharedPlatform();
  adminToken = (await platform.admin()).token;
}, 120_000);

/** A customer who has become a GESTOR, with a token that says so. */
async function newManager(): Promise<Customer> {
  const customer = await platform.newCustomer();
  const papeis = ['CLIENTE', 'GESTOR'];
  const call = { papeis, password: platform.stack.secrets.adminPassword };
  const patched = await platform.call(adminToken, 'PATCH', `/api/v1/users/${customer.id}`, call);
  expect([patched.status, patched.body.papeis]).toEqual([200, papeis]);
  return { ...customer, ...(await platform.login(customer.email)) };
}

describe('a GESTOR over REST', () => {
  it('runs the space from the moment it is assigned until it is taken away', async () => {
    const manager = await newManager();
    const customer = await platform.newCustomer();
    const reserva = await platform.reserve(customer);
    const space = `/api/v1/espacos/${platform.room.id}`;
    const read = () => platform.call(manager.token, 'GET', `/api/v1/reservas/${reserva.id}`);
    expect(await read()).toMatchObject({ status: 404, body: { reason: 'RESERVA_NAO_ENCONTRADA' } });
    expect(await platform.call(manager.token, 'PATCH', space, { capacidade: 11 })).toMatchObject({
      status: 403,
      body: { reason: 'ACESSO_NEGADO' },
    });

    const assignment = `${space}/gestores/${manager.id}`;
    expect(await platform.call(adminToken, 'PUT', assignment)).toMatchObject({
      status: 200,
      body: { espacoId: platform.room.id, usuarioId: manager.id },
    });
    expect((await platform.call(adminToken, 'GET', `${space}/gestores`)).body.gestores).toHaveLength(1);
    expect((await platform.call(manager.token, 'PATCH', space, { capacidade: 11 })).body.capacidade).toBe(11);
    const named = { nome: 'Não', endereco: 'Rua A, 1', updateMask: 'endereco,esperaPagamentoMinutos' };
    expect((await platform.call(manager.token, 'PATCH', space, named)).body).toMatchObject({
      ...{ nome: platform.room.nome, endereco: 'Rua A, 1', capacidade: 11, esperaPagamentoMinutos: 15 },
    });
    expect(
      await platform.call(manager.token, 'PATCH', space, { updateMask: 'endereco,espacoId' }),
    ).toMatchObject({
      ...{ status: 400, body: { reason: 'REQUISICAO_INVALIDA' } },
    });
    expect((await read()).status).toBe(200);
    const { body: list } = await platform.call(
      manager.token,
      'GET',
      `/api/v1/reservas?espacoId=${platform.room.id}`,
    );
    expect((list.reservas as ReservaRest[]).map(({ id }) => id)).toContain(reserva.id);
    const cancelled = await platform.call(manager.token, 'POST', `/api/v1/reservas/${reserva.id}/cancelar`, {
      motivo: 'vazamento',
      excepcional: 'PROBLEMA_NO_ESPACO',
    });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELADA']);

    expect((await platform.call(adminToken, 'DELETE', assignment)).status).toBe(200);
    expect((await read()).status).toBe(404);
  });
});

describe('a space that costs nothing', () => {
  it('is booked without a checkout, and the e-mail asks for no money', async () => {
    const free = { centavos: 0, moeda: 'BRL' };
    const espaco = { nome: 'Praça', tipo: 'QUADRA', capacidade: 50, precoPorHora: free, taxaLimpeza: free };
    const { body: created } = await platform.call(adminToken, 'POST', '/api/v1/espacos', espaco);
    const customer = await platform.newCustomer();
    const slot = { ...platform.nextSlot(), espacoId: created.id };
    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
    expect([reserva.status, reserva.valor.centavos, reserva.checkoutUrl ?? '']).toEqual([
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
    const cancelled = await platform.call(
      customer.token,
      'POST',
      `/api/v1/reservas/${reserva.id}/cancelar`,
      {},
    );
    expect(cancelled.body.status).toBe('CANCELADA');
  });
});

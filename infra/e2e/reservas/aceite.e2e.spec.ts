import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PATIENTLY = { timeoutMs: 30_000 };
const HOUR_MS = 3_600_000;

let platform: Platform;
let admin: RestClient;

beforeAll(async () => {
  platform = await sharedPlatform();
  admin = (await platform.admin()).rest;
}, 120_000);

/** A reservation as Kong shows it: what is false, zero or empty is left out. */
interface Held extends ReservaRest {
  readonly aguardaAceite: boolean;
}

interface Credit {
  readonly saldo: { readonly centavos: number };
}

const credit = async ({ rest }: Customer) => (await rest.get<Credit>('/api/v1/creditos')).body.saldo.centavos;

const read = async ({ rest }: Customer, id: string) => (await rest.get<Held>(`/api/v1/reservas/${id}`)).body;

const accept = async ({ rest }: Customer, id: string) =>
  (await rest.post<Held>(`/api/v1/reservas/${id}/aceitar`, {})).body;

async function becomes(customer: Customer, id: string, status: string): Promise<Held> {
  await eventually(async () => expect((await read(customer, id)).status).toBe(status), PATIENTLY);
  return read(customer, id);
}

/** A GESTOR of the room, with a token that says so. */
async function newManager(): Promise<Customer> {
  const customer = await platform.newCustomer();
  const { token } = await platform.admin();
  const roles = { papeis: ['CLIENTE', 'GESTOR'], password: platform.stack.secrets.adminPassword };
  await platform.call(token, 'PATCH', `/api/v1/users/${customer.id}`, roles);
  await platform.call(token, 'PUT', `/api/v1/espacos/${platform.room.id}/gestores/${customer.id}`, {});
  return { ...customer, ...(await platform.login(customer.email)) };
}

let days = 0;

/** A long day in the room that goes wrong: a tenth of its price comes as credit, more than an hour costs. */
async function withCredit(): Promise<Customer> {
  const customer = await platform.newCustomer();
  const start = new Date(Date.now() + (20 + days++) * 24 * HOUR_MS);
  start.setUTCHours(3, 0, 0, 0);
  const dataFim = new Date(start.getTime() + 20 * HOUR_MS).toISOString();
  const slot = { espacoId: platform.room.id, dataInicio: start.toISOString(), dataFim };
  const { body } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
  await platform.pay(body);
  await becomes(customer, body.id, 'CONFIRMADA');
  const problem = { motivo: 'vazamento', excepcional: 'PROBLEMA_NO_ESPACO' };
  await admin.post(`/api/v1/reservas/${body.id}/cancelar`, problem);
  await eventually(async () => expect(await credit(customer)).toBeGreaterThan(0), PATIENTLY);
  return customer;
}

describe('a GESTOR who books for somebody', () => {
  it('spends none of their credit: they accept, and it pays what it can', async () => {
    const [manager, victim] = [await newManager(), await withCredit()];
    const before = await credit(victim);
    const book = async () => {
      const slot = { ...platform.nextSlot(), clienteId: victim.id };
      return (await manager.rest.post<Held>('/api/v1/reservas', slot)).body;
    };
    const first = await book();
    const second = await book();
    const held = await becomes(victim, first.id, 'PENDENTE_PAGAMENTO');
    expect([held.aguardaAceite, await credit(victim)]).toEqual([true, before]);
    await eventually(async () => {
      const mails = await platform.emailsTo(victim.email);
      const offer = mails.find(({ html }) => html?.includes(first.id) && html.includes('aceite a reserva'));
      expect(offer?.subject).toMatch(/^Reserva à sua espera: /);
      expect(offer?.html).toContain(held.checkoutUrl);
    }, PATIENTLY);

    expect(
      await platform.call(manager.token, 'POST', `/api/v1/reservas/${first.id}/aceitar`, {}),
    ).toMatchObject({
      status: 403,
      body: { reason: 'ACESSO_NEGADO' },
    });
    const accepted = await accept(victim, first.id);
    expect([accepted.status, accepted.aguardaAceite]).toEqual(['CONFIRMADA', false]);
    const left = before - first.valor.centavos;
    expect(await credit(victim)).toBe(left);

    await becomes(victim, second.id, 'PENDENTE_PAGAMENTO');
    const rest = await accept(victim, second.id);
    expect([rest.status, await credit(victim)]).toEqual(['PENDENTE_PAGAMENTO', 0]);
    await platform.pay(rest);
    await becomes(victim, second.id, 'CONFIRMADA');
  }, 120_000);

  it('does not lock them out, and books for nobody who is not there', async () => {
    const [manager, victim] = [await newManager(), await platform.newCustomer()];
    for (let i = 0; i < 5; i += 1)
      await manager.rest.post('/api/v1/reservas', { ...platform.nextSlot(), clienteId: victim.id });
    const own = await victim.rest.post<Held>('/api/v1/reservas', platform.nextSlot());
    expect(own.status).toBe(201);
    const invented = { ...platform.nextSlot(), clienteId: 'cli_00000000' };
    expect(await platform.call(manager.token, 'POST', '/api/v1/reservas', invented)).toMatchObject({
      status: 404,
      body: { reason: 'CLIENTE_NAO_ENCONTRADO' },
    });
  }, 60_000);

  it('mints no credit at their own space, nor for others unless an ADMIN allows it', async () => {
    const [manager, customer] = [await newManager(), await platform.newCustomer()];
    const problem = { motivo: 'vazamento', excepcional: 'PROBLEMA_NO_ESPACO' };
    const paid = async (who: Customer) => {
      const reserva = await platform.reserve(who);
      await platform.pay(reserva);
      await becomes(who, reserva.id, 'CONFIRMADA');
      return `/api/v1/reservas/${reserva.id}`;
    };
    const [own, others] = [await paid(manager), await paid(customer)];
    expect(await platform.call(manager.token, 'POST', `${own}/cancelar`, problem)).toMatchObject({
      status: 400,
      body: { reason: 'CONFLITO_DE_INTERESSES' },
    });
    const preview = await platform.call(manager.token, 'GET', `${own}/cancelamento?excepcional=FORCA_MAIOR`);
    expect([preview.status, preview.body.permitido]).toEqual([200, false]);
    expect(await platform.call(manager.token, 'POST', `${others}/cancelar`, problem)).toMatchObject({
      status: 400,
      body: { reason: 'LIMITE_DE_BONUS' },
    });
    const room = `/api/v1/espacos/${platform.room.id}`;
    const bonusMensal = { centavos: 100_000, moeda: 'BRL' };
    expect((await platform.call(manager.token, 'PATCH', room, { bonusMensal })).status).toBe(403);
    const { token } = await platform.admin();
    expect((await platform.call(token, 'PATCH', room, { bonusMensal })).status).toBe(200);
    expect((await platform.call(manager.token, 'POST', `${others}/cancelar`, problem)).status).toBe(200);
    await eventually(async () => expect(await credit(customer)).toBeGreaterThan(0), PATIENTLY);
    expect(await credit(manager)).toBe(0);
  }, 120_000);
});

describe('an offer of the waitlist', () => {
  it('buys nothing by itself, though credit covers it', async () => {
    const [waiting, owner] = [await withCredit(), await platform.newCustomer()];
    const slot = platform.nextSlot();
    const { body: taken } = await owner.rest.post<ReservaRest>('/api/v1/reservas', slot);
    const { body: place } = await waiting.rest.post<{ id: string }>('/api/v1/fila-espera', slot);
    const before = await credit(waiting);
    await owner.rest.post(`/api/v1/reservas/${taken.id}/cancelar`, {});
    const entry = async () =>
      (await waiting.rest.get<{ status: string; reservaId: string }>(`/api/v1/fila-espera/${place.id}`)).body;
    await eventually(async () => expect((await entry()).status).toBe('OFERTADA'), PATIENTLY);
    const { reservaId } = await entry();
    expect(await becomes(waiting, reservaId, 'PENDENTE_PAGAMENTO')).toMatchObject({ aguardaAceite: true });
    expect(await credit(waiting)).toBe(before);
    expect((await accept(waiting, reservaId)).status).toBe('CONFIRMADA');
    expect((await entry()).status).toBe('ATENDIDA');
    expect(await credit(waiting)).toBe(before - taken.valor.centavos);
  }, 120_000);
});

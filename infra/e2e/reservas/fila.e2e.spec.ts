import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

/** A place in line as the REST API shows it; Kong leaves out what is zero or empty. */
interface EntradaRest {
  readonly id: string;
  readonly status: string;
  readonly posicao?: number;
  readonly reservaId?: string;
  readonly ofertaExpiraEm?: string;
}

const FILA = '/api/v1/fila-espera';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

/** A slot that a customer has paid for. */
async function taken() {
  const slot = platform.nextSlot();
  const owner = await platform.newCustomer();
  const { body: reserva } = await owner.rest.post<ReservaRest>('/api/v1/reservas', slot);
  await platform.pay(reserva);
  await eventually(async () => expect((await platform.reserva(owner, reserva.id)).status).toBe('CONFIRMADA'));
  const cancel = () => owner.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, {});
  return { slot, cancel };
}

async function enter(slot: object) {
  const customer = await platform.newCustomer();
  const { status, body } = await customer.rest.post<EntradaRest>(FILA, slot);
  expect(status).toBe(201);
  return { customer, id: body.id, posicao: body.posicao };
}

async function entry({ customer, id }: { customer: Customer; id: string }): Promise<EntradaRest> {
  return (await customer.rest.get<EntradaRest>(`${FILA}/${id}`)).body;
}

/** Waits until an entry stands there. */
async function becomes(place: { customer: Customer; id: string }, status: string): Promise<EntradaRest> {
  let found: EntradaRest | undefined;
  await eventually(
    async () => {
      found = await entry(place);
      expect(found.status).toBe(status);
    },
    { timeoutMs: 30_000 },
  );
  return found as EntradaRest;
}

describe('the waitlist over REST', () => {
  it('holds the slot for the first in line, tells them by e-mail where to pay, and is theirs when they do', async () => {
    const { slot, cancel } = await taken();
    const first = await enter(slot);
    const second = await enter(slot);
    expect([first.posicao, second.posicao]).toEqual([1, 2]);
    expect(first.id).toMatch(/^fil_[0-9A-Za-z]{8}$/);
    await cancel();

    const { reservaId = '', ofertaExpiraEm } = await becomes(first, 'OFERTADA');
    expect(Date.parse(ofertaExpiraEm ?? '') - Date.now()).toBeGreaterThan(25 * 60_000);
    const walkIn = await platform.newCustomer();
    await expect(walkIn.rest.post('/api/v1/reservas', slot)).rejects.toMatchObject({
      status: 409,
      body: { reason: 'ESPACO_INDISPONIVEL' },
    });
    await eventually(async () => expect(await platform.emailsTo(first.customer.email)).toHaveLength(1), {
      timeoutMs: 30_000,
    });
    const [email] = await platform.emailsTo(first.customer.email);
    const reserva = await platform.reserva(first.customer, reservaId);
    expect(reserva).toMatchObject({ status: 'PENDENTE_PAGAMENTO' });
    expect(email?.subject).toMatch(/^Sua vez na fila: /);
    expect(email?.html).toContain(`href="${reserva.checkoutUrl}"`);

    await platform.pay(reserva);
    await becomes(first, 'ATENDIDA');
    expect((await platform.reserva(first.customer, reservaId)).status).toBe('CONFIRMADA');
    expect(await entry(second)).toMatchObject({ status: 'AGUARDANDO', posicao: 1 });
  });

  it('passes the slot on when the offer is declined, and again when it is not paid in time', async () => {
    const { slot, cancel } = await taken();
    const [first, second] = [await enter(slot), await enter(slot)];
    await cancel();
    await becomes(first, 'OFERTADA');
    const { body } = await first.customer.rest.delete<EntradaRest>(`${FILA}/${first.id}`);
    expect(body.status).toBe('CANCELADA');
    expect((await first.customer.rest.delete<EntradaRest>(`${FILA}/${first.id}`)).body).toEqual(body);

    const { reservaId } = await becomes(second, 'OFERTADA');
    await platform.query('reservas', 'update reservas set expira_em = now() where id = $1', [reservaId]);
    await becomes(second, 'EXPIRADA');
    await platform.newCustomer().then(({ rest }) => rest.post('/api/v1/reservas', slot));
  });

  it('refuses to wait for what is free, and shows nobody the places of others', async () => {
    const { slot } = await taken();
    const place = await enter(slot);
    const stranger = await platform.newCustomer();
    await expect(stranger.rest.post(FILA, platform.nextSlot())).rejects.toMatchObject({
      status: 400,
      body: { code: 'failed_precondition', reason: 'VAGA_DISPONIVEL' },
    });
    for (const call of [
      () => stranger.rest.get(`${FILA}/${place.id}`),
      () => stranger.rest.delete(`${FILA}/${place.id}`),
    ])
      await expect(call()).rejects.toMatchObject({ status: 404, body: { reason: 'ENTRADA_NAO_ENCONTRADA' } });
    const list = async ({ rest }: Customer) => (await rest.get<{ entradas?: EntradaRest[] }>(FILA)).body;
    expect((await list(place.customer)).entradas?.map(({ id }) => id)).toEqual([place.id]);
    expect((await list(stranger)).entradas ?? []).toEqual([]);
  });
});

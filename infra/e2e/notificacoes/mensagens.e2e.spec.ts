import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const HOUR_MS = 3_600_000;

interface PreferenciasRest {
  readonly email?: boolean;
  readonly lembretes?: boolean;
}

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

/** A slot of today or tomorrow, late enough to be booked and near enough to be reminded of at once. */
function soon(hours: number): { espacoId: string; dataInicio: string; dataFim: string } {
  const start = new Date(Math.ceil(Date.now() / HOUR_MS + hours) * HOUR_MS);
  const end = new Date(start.getTime() + HOUR_MS);
  return { espacoId: platform.room.id, dataInicio: start.toISOString(), dataFim: end.toISOString() };
}

async function book(customer: Customer, slot = platform.nextSlot()): Promise<ReservaRest> {
  return (await customer.rest.post<ReservaRest>('/api/v1/reservas', slot)).body;
}

/** First words of the subjects of a customer's e-mails, in alphabetical order. */
async function subjects(customer: Customer): Promise<string[]> {
  const emails = await platform.emailsTo(customer.email);
  return emails.map(({ subject }) => subject.split(':')[0] ?? '').sort();
}

async function choose(customer: Customer, preferences: PreferenciasRest): Promise<number> {
  const response = await fetch(`${platform.edgeUrl}/api/v1/notificacoes/preferencias`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${customer.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(preferences),
    signal: AbortSignal.timeout(10_000),
  });
  await response.body?.cancel();
  return response.status;
}

describe("an address that is somebody else's", () => {
  it('gets one message, whatever is booked in its name', async () => {
    const email = `vitima.${Date.now()}@exemplo.com`;
    const pessoa = { nome: 'Ana', email, password: 'Senha@123' };
    await platform.rest.post('/api/v1/auth/signup', pessoa);
    const { body } = await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', pessoa);
    const rest = platform.rest.as(body.accessToken);
    for (let n = 0; n < 5; n++) {
      const { body: reserva } = await rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
      await rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, {});
    }
    const { body: paga } = await rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    await platform.pay(paga);
    await eventually(async () => {
      const { body: current } = await rest.get<ReservaRest>(`/api/v1/reservas/${paga.id}`);
      expect(current.status).toBe('CONFIRMADA');
      const { body: lista } = await rest.get<{ notificacoes: Array<{ modelo: string; status: string }> }>(
        '/api/v1/notificacoes',
      );
      expect(lista.notificacoes.map(({ modelo, status }) => `${modelo} ${status}`).sort()).toEqual([
        'RESERVA_CONFIRMADA PENDENTE',
      ]);
    });
    expect(await platform.emailsTo(email)).toEqual([]);
    await platform.verify(email);
    await eventually(async () =>
      expect((await platform.emailsTo(email)).map(({ subject }) => subject.split(':')[0])).toEqual([
        'Reserva confirmada',
      ]),
    );
  });
});

describe('what a customer is told by e-mail', () => {
  it('is that a card was declined and where to try another one, then that it is paid', async () => {
    const customer = await platform.newCustomer();
    const reserva = await book(customer);
    await fetch(`${reserva.checkoutUrl}/decline`, { method: 'POST', redirect: 'manual' });
    await eventually(async () => expect(await subjects(customer)).toEqual(['Pagamento recusado']));
    const [email] = await platform.emailsTo(customer.email);
    expect(email?.html).toContain(`href="${reserva.checkoutUrl}"`);
    await platform.pay(reserva);
    await eventually(async () =>
      expect(await subjects(customer)).toEqual(['Pagamento recusado', 'Reserva confirmada']),
    );
  });

  it('includes the reminder at once when the start is less than a day away', async () => {
    const customer = await platform.newCustomer();
    await platform.pay(await book(customer, soon(4)));
    await eventually(async () =>
      expect(await subjects(customer)).toEqual(['Lembrete', 'Reserva confirmada']),
    );
  });

  it('leaves out the reminder when the customer does not want it', async () => {
    const customer = await platform.newCustomer();
    const path = '/api/v1/notificacoes/preferencias';
    const semLembretes = { email: true, sms: false, push: false, lembretes: false, telefone: '' };
    expect((await customer.rest.get<PreferenciasRest>(path)).body).toMatchObject({
      email: true,
      lembretes: true,
    });
    expect(await choose(customer, {})).toBe(400);
    expect(await choose(customer, semLembretes)).toBe(200);
    const reserva = await book(customer, soon(6));
    await platform.pay(reserva);
    await eventually(async () => {
      const { body } = await customer.rest.get<{ notificacoes: Array<{ modelo: string; status: string }> }>(
        `/api/v1/notificacoes?reservaId=${reserva.id}`,
      );
      const statuses = body.notificacoes.map(({ modelo, status }) => `${modelo} ${status}`).sort();
      expect(statuses).toEqual(['LEMBRETE_RESERVA SUPRIMIDA', 'RESERVA_CONFIRMADA ENVIADA']);
    });
    expect(await subjects(customer)).toEqual(['Reserva confirmada']);
  });
});

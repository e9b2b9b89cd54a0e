import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

interface Amount {
  readonly centavos: number;
}

interface CancelledRest extends ReservaRest {
  readonly reembolso: Amount;
  readonly motivoCancelamento: string;
  readonly historico: ReadonlyArray<{ readonly evento: string; readonly quem: string }>;
}

async function booked(customer: Customer) {
  const slot = platform.nextSlot();
  const { body } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
  return { slot, reserva: body };
}

async function paid(customer: Customer) {
  const { slot, reserva } = await booked(customer);
  await platform.pay(reserva);
  await eventually(async () =>
    expect((await platform.reserva(customer, reserva.id)).status).toBe('CONFIRMADA'),
  );
  return { slot, reserva };
}

describe('cancelling over REST', () => {
  it('gives back what the preview said, frees the slot and keeps the history', async () => {
    const customer = await platform.newCustomer();
    const { slot, reserva } = await paid(customer);
    const path = `/api/v1/reservas/${reserva.id}`;
    const { body: preview } = await customer.rest.get<{ permitido: boolean; reembolso: Amount }>(
      `${path}/cancelamento`,
    );
    expect(preview).toMatchObject({ permitido: true, percentualReembolso: 100, reembolso: reserva.valor });

    const { body: cancelled } = await customer.rest.post<CancelledRest>(`${path}/cancelar`, {
      motivo: 'mudança de planos',
    });
    expect(cancelled).toMatchObject({
      status: 'CANCELADA',
      reembolso: preview.reembolso,
      motivoCancelamento: 'mudança de planos',
    });
    const rival = await platform.newCustomer();
    expect((await rival.rest.post<ReservaRest>('/api/v1/reservas', slot)).status).toBe(201);

    const { body } = await customer.rest.get<CancelledRest>(`${path}?incluirHistorico=true`);
    expect(body.historico.map(({ evento }) => evento).slice(0, 4)).toEqual([
      'ReservaCriada',
      'CobrancaRegistrada',
      'ReservaConfirmada',
      'ReservaCancelada',
    ]);
    expect(body.historico[3]?.quem).toBe(customer.id);
  });

  it('frees an unpaid slot at once for others, and half an hour later for who let it go', async () => {
    const [customer, other] = [await platform.newCustomer(), await platform.newCustomer()];
    const { slot, reserva } = await booked(customer);
    const { body } = await customer.rest.post<CancelledRest>(`/api/v1/reservas/${reserva.id}/cancelar`, {});
    expect(body).toMatchObject({ status: 'CANCELADA', reembolso: { centavos: 0, moeda: 'BRL' } });
    await expect(customer.rest.post('/api/v1/reservas', slot)).rejects.toMatchObject({
      status: 400,
      body: { reason: 'PENDENCIA_RECENTE' },
    });
    expect((await other.rest.post<ReservaRest>('/api/v1/reservas', slot)).status).toBe(201);
  });

  it('is for the owner, and exceptions are for admins', async () => {
    const customer = await platform.newCustomer();
    const stranger = await platform.newCustomer();
    const { reserva } = await booked(customer);
    const path = `/api/v1/reservas/${reserva.id}/cancelar`;
    await expect(stranger.rest.post(path, {})).rejects.toMatchObject({
      status: 404,
      body: { reason: 'RESERVA_NAO_ENCONTRADA' },
    });
    await expect(customer.rest.post(path, { excepcional: 'FORCA_MAIOR' })).rejects.toMatchObject({
      status: 403,
      body: { reason: 'ACESSO_NEGADO' },
    });
  });
});

describe('time', () => {
  it('takes an unpaid hold out of reach at its deadline', async () => {
    const customer = await platform.newCustomer();
    const { reserva } = await booked(customer);
    await platform.query('reservas', `update reservas set expira_em = now() where id = $1`, [reserva.id]);
    await eventually(async () =>
      expect((await platform.reserva(customer, reserva.id)).status).toMatch(/^EXPIRA(NDO|DA)$/),
    );
  });

  it('concludes a confirmed reservation at its end', async () => {
    const customer = await platform.newCustomer();
    const { reserva } = await paid(customer);
    await platform.query(
      'reservas',
      `update reservas set data_inicio = now() - interval '2 hours', data_fim = now() - interval '1 hour',
         bloqueio_fim = now() - interval '1 hour' + folga_minutos * interval '1 minute' where id = $1`,
      [reserva.id],
    );
    await eventually(async () =>
      expect((await platform.reserva(customer, reserva.id)).status).toBe('CONCLUIDA'),
    );
  });
});

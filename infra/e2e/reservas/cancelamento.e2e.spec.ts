import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

describe('cancelling a paid reservation', () => {
  it('tells before what comes back, frees the slot at once and gives the money back', async () => {
    const customer = await platform.newCustomer();
    const reserva = await platform.paid(customer);
    const preview = await customer.rest.get<{
      permitido: boolean;
      percentualReembolso: number;
      reembolso: object;
    }>(`/api/v1/reservas/${reserva.id}/cancelamento`);
    expect(preview.body).toMatchObject({
      permitido: true,
      percentualReembolso: 100,
      reembolso: reserva.valor,
    });

    const cancelled = await customer.rest.post<ReservaRest>(`/api/v1/reservas/${reserva.id}/cancelar`, {
      motivo: 'Mudança de planos',
    });
    expect(cancelled.body.status).toBe('CANCELADA');
    await eventually(
      async () =>
        expect(await platform.ledgerOf(reserva.id)).toMatchObject({
          captured: reserva.valor.centavos,
          refunded: reserva.valor.centavos,
        }),
      { timeoutMs: 30_000 },
    );
    await eventually(async () => {
      const { body } = await customer.rest.get<{ status: string }>(
        `/api/v1/pagamentos/${reserva.pagamentoId}`,
      );
      expect(body.status).toBe('ESTORNADO');
    });
  }, 60_000);

  it('gives the money back once when it is cancelled twice', async () => {
    const customer = await platform.newCustomer();
    const reserva = await platform.paid(customer);
    const path = `/api/v1/reservas/${reserva.id}/cancelar`;
    await Promise.all([customer.rest.post(path, { motivo: 'a' }), customer.rest.post(path, { motivo: 'b' })]);
    await eventually(
      async () => expect((await platform.ledgerOf(reserva.id))?.refunded).toBe(reserva.valor.centavos),
      {
        timeoutMs: 30_000,
      },
    );
    await platform.paid(await platform.newCustomer());
    expect((await platform.ledgerOf(reserva.id))?.refunded).toBe(reserva.valor.centavos);
  }, 60_000);
});

describe('a hold that runs out', () => {
  it('frees the slot for others once the checkout is closed', async () => {
    const slow = await platform.newCustomer();
    const pedido = platform.nextSlot();
    const { body: reserva } = await slow.rest.post<ReservaRest>('/api/v1/reservas', pedido);
    await platform.expire(reserva.id);
    await platform.becomes(slow, reserva.id, 'EXPIRADA');
    const page = await fetch(reserva.checkoutUrl ?? '');
    expect(page.status).toBe(410);
    const quick = await platform.newCustomer();
    const { status } = await quick.rest.post('/api/v1/reservas', pedido);
    expect(status).toBe(201);
  }, 60_000);
});

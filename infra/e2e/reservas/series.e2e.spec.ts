import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RestError } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

interface OcorrenciaDaSerie extends ReservaRest {
  readonly serieId: string;
  readonly serieNumero: number;
  readonly dataInicio: string;
}

interface SerieRest {
  readonly id: string;
  readonly reservas: readonly OcorrenciaDaSerie[];
  readonly puladas?: ReadonlyArray<{ readonly data: string; readonly recusa: string }>;
}

interface CancelamentoRest {
  readonly reembolso: { readonly centavos: number };
  readonly ocorrencias: ReadonlyArray<{
    readonly reserva: OcorrenciaDaSerie;
    readonly permitido: boolean;
    readonly reembolso: { readonly centavos: number };
  }>;
}

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 120_000);

const DAY_MS = 24 * 3_600_000;

/** Three weeks, from some days ahead, at an hour of São Paulo. */
function weekly(daysAhead: number, hour: string) {
  const first = new Date(Date.now() + daysAhead * DAY_MS).toISOString().slice(0, 10);
  const pedido = { espacoId: platform.room.id, inicioLocal: `${first}T${hour}`, duracaoMinutos: 60 };
  const dates = [0, 7, 14].map((days) =>
    new Date(Date.parse(first) + days * DAY_MS).toISOString().slice(0, 10),
  );
  return { dates, pedido: { ...pedido, rrule: 'FREQ=WEEKLY;COUNT=3' } };
}

/** The reservation as soon as it has a checkout: it comes later when pagamentos does not answer at once. */
async function payable(customer: Customer, id: string): Promise<ReservaRest> {
  let reserva = await platform.reserva(customer, id);
  await eventually(
    async () => {
      reserva = await platform.reserva(customer, id);
      expect(reserva.checkoutUrl).toBeTruthy();
    },
    { timeoutMs: 30_000 },
  );
  return reserva;
}

async function refused(call: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RestError)) throw error ?? new Error('the call did not fail');
  return { status: error.status, body: error.body };
}

describe('a series', () => {
  it('is simulated, booked, paid by occurrence, and cancelled from one occurrence on', async () => {
    const customer = await platform.newCustomer();
    const { pedido, dates } = weekly(4, '10:00');
    const dryRun = await customer.rest.post<{
      ocorrencias: Array<{ data: string; estado: string; valor: object }>;
    }>('/api/v1/series/simulacao', pedido);
    expect(dryRun.body.ocorrencias.map(({ data, estado }) => [data, estado])).toEqual(
      dates.map((date) => [date, 'LIVRE']),
    );

    const key = randomUUID();
    const created = await customer.rest.post<SerieRest>('/api/v1/series', pedido, key);
    expect(created.status).toBe(201);
    const { id, reservas } = created.body;
    expect(reservas.map(({ serieId, serieNumero }) => [serieId, serieNumero])).toEqual([
      [id, 1],
      [id, 2],
      [id, 3],
    ]);
    expect(reservas.map(({ valor }) => valor)).toEqual(dryRun.body.ocorrencias.map(({ valor }) => valor));
    const repeated = await customer.rest.post<SerieRest>('/api/v1/series', pedido, key);
    expect(repeated.body).toEqual(created.body);

    const [first, second, third] = reservas.map((reserva) => reserva.id);
    for (const paid of [first, second]) await platform.pay(await payable(customer, paid ?? ''));
    await eventually(
      async () => {
        const { body } = await customer.rest.get<SerieRest>(`/api/v1/series/${id}`);
        expect(body.reservas.slice(0, 2).map(({ status }) => status)).toEqual(['CONFIRMADA', 'CONFIRMADA']);
      },
      { timeoutMs: 30_000 },
    );

    const preview = await customer.rest.get<CancelamentoRest>(
      `/api/v1/series/${id}/cancelamento?escopo=ESTA_E_SEGUINTES&reservaId=${second}`,
    );
    const cancelled = await customer.rest.post<CancelamentoRest>(`/api/v1/series/${id}/cancelar`, {
      escopo: 'ESTA_E_SEGUINTES',
      reservaId: second,
      motivo: 'Mudança de planos',
    });
    const { centavos } = reservas[1]?.valor ?? { centavos: -1 };
    expect(cancelled.body.ocorrencias).toMatchObject([
      { reserva: { id: second, status: 'CANCELADA' }, permitido: true, reembolso: { centavos } },
      { reserva: { id: third, status: 'CANCELADA' }, permitido: true },
    ]);
    expect(cancelled.body.reembolso.centavos).toBe(centavos);
    expect(preview.body.reembolso).toEqual(cancelled.body.reembolso);
    await eventually(
      async () =>
        expect(await platform.ledgerOf(second ?? '')).toMatchObject({
          captured: centavos,
          refunded: centavos,
        }),
      { timeoutMs: 30_000 },
    );
    expect(await platform.ledgerOf(first ?? '')).toMatchObject({
      captured: reservas[0]?.valor.centavos,
      refunded: 0,
    });
    expect((await platform.ledgerOf(third ?? ''))?.captured ?? 0).toBe(0);
    expect((await platform.reserva(customer, first ?? '')).status).toBe('CONFIRMADA');
  }, 120_000);

  it('is refused as a whole, or leaves out what is taken', async () => {
    const [early, late] = [await platform.newCustomer(), await platform.newCustomer()];
    const { pedido, dates } = weekly(5, '15:00');
    const taken = { ...pedido, inicioLocal: `${dates[1]}T15:30`, rrule: 'FREQ=WEEKLY;COUNT=1' };
    await early.rest.post('/api/v1/series', taken);

    const whole = await refused(late.rest.post('/api/v1/series', pedido));
    expect(whole).toMatchObject({ status: 409, body: { reason: 'SERIE_COM_CONFLITOS' } });
    const { body } = await late.rest.post<SerieRest>('/api/v1/series', {
      ...pedido,
      modo: 'PULAR_CONFLITOS',
    });
    expect(body.reservas.map(({ serieNumero }) => serieNumero)).toEqual([1, 3]);
    expect(body.puladas).toMatchObject([{ data: dates[1], recusa: 'ESPACO_INDISPONIVEL' }]);

    const stranger = await refused(early.rest.get(`/api/v1/series/${body.id}`));
    expect(stranger).toMatchObject({ status: 404, body: { reason: 'SERIE_NAO_ENCONTRADA' } });
    const list = await late.rest.get<{ series: Array<{ id: string }> }>('/api/v1/series?pageSize=5');
    expect(list.body.series.map(({ id }) => id)).toEqual([body.id]);
    const wrong = await refused(late.rest.post('/api/v1/series', { ...pedido, rrule: 'FREQ=DAILY;COUNT=2' }));
    expect(wrong).toMatchObject({ status: 400, body: { reason: 'RECORRENCIA_INVALIDA' } });
  }, 60_000);
});

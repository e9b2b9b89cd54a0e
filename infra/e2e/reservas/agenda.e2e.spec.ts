import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import type { Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;
let admin: RestClient;

beforeAll(async () => {
  platform = await sharedPlatform();
  admin = (await platform.admin()).rest;
}, 120_000);

describe('a closure over REST', () => {
  it('refuses bookings until it is listed no more', async () => {
    const customer = await platform.newCustomer();
    const slot = platform.nextSlot();
    const path = `/api/v1/espacos/${slot.espacoId}/fechamentos`;
    const closure = { dataInicio: slot.dataInicio, dataFim: slot.dataFim, motivo: 'manutenção' };
    const { status, body } = await admin.post<{ id: string }>(path, closure);
    expect(status).toBe(201);
    await expect(customer.rest.post('/api/v1/reservas', slot)).rejects.toMatchObject({
      status: 400,
      body: { reason: 'ESPACO_FECHADO', message: 'O espaço está fechado: manutenção.' },
    });
    const { body: list } = await customer.rest.get<{ fechamentos: Array<{ id: string }> }>(path);
    expect(list.fechamentos.map(({ id }) => id)).toEqual([body.id]);

    await admin.delete(`${path}/${body.id}`);
    expect((await customer.rest.post<ReservaRest>('/api/v1/reservas', slot)).status).toBe(201);
  });
});

interface FreeRest {
  readonly livres?: ReadonlyArray<{ readonly dataInicio: string; readonly dataFim: string }>;
}

const LARGE = 4_000;

describe('availability over REST', () => {
  it('shows a slot as free until it is booked, and the space in the search', async () => {
    const customer = await platform.newCustomer();
    // So large that a search finds none of those of others.
    const { id: espacoId } = await platform.newRoom({ capacidade: LARGE });
    const slot = { ...platform.nextSlot(), espacoId };
    const query = `dataInicio=${slot.dataInicio}&dataFim=${slot.dataFim}`;
    const path = `/api/v1/espacos/${slot.espacoId}/disponibilidade?${query}`;
    const seconds = (instant: string) => instant.replace('.000Z', 'Z');
    const { body: before } = await customer.rest.get<FreeRest>(path);
    expect(before.livres).toEqual([{ dataInicio: seconds(slot.dataInicio), dataFim: seconds(slot.dataFim) }]);

    const search = `/api/v1/disponibilidade?${query}&tipo=SALA_REUNIAO&capacidade=${LARGE}`;
    const { body: found } = await customer.rest.get<FoundRest>(search);
    expect(found.espacos?.map(({ espaco }) => espaco.id)).toEqual([slot.espacoId]);

    const { body: reserva } = await customer.rest.post<ReservaRest>('/api/v1/reservas', slot);
    expect(found.espacos?.[0]?.valor).toEqual(reserva.valor);
    expect((await customer.rest.get<FreeRest>(path)).body.livres ?? []).toEqual([]);
    expect((await customer.rest.get<FoundRest>(search)).body.espacos ?? []).toEqual([]);
  });
});

interface FoundRest {
  readonly espacos?: ReadonlyArray<{
    readonly espaco: { readonly id: string };
    readonly valor: { readonly centavos: number };
  }>;
}

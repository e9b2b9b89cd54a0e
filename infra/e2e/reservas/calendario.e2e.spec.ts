import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import ical, { type VEvent } from 'node-ical';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;
let admin: RestClient;

beforeAll(async () => {
  platform = await sharedPlatform();
  admin = (await platform.admin()).rest;
}, 120_000);

interface CalendarRest {
  readonly id: string;
  readonly url?: string;
}

/** What a calendar program does: it knows the address and nothing else. */
function fetchFeed(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
}

async function entryOf(url: string, reservaId: string): Promise<VEvent> {
  const response = await fetchFeed(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
  ]);
  const entry = ical.sync.parseICS(await response.text())[`${reservaId}@plataforma.local`];
  if (entry?.type !== 'VEVENT') throw new Error(`${reservaId} is not in the feed`);
  return entry as VEvent;
}

describe('a calendar feed through the edge', () => {
  it('follows a reservation under one UID, with a SEQUENCE that grows, until it is revoked', async () => {
    const customer = await platform.newCustomer();
    const created = await customer.rest.post<CalendarRest>('/api/v1/calendarios', {});
    const url = created.body.url ?? '';
    expect([created.status, url.startsWith(`${platform.edgeUrl}/api/v1/calendarios/`)]).toEqual([201, true]);

    const reserva = await platform.reserve(customer);
    const held = await entryOf(url, reserva.id);
    expect(held).toMatchObject({ status: 'TENTATIVE', summary: platform.room.nome });

    await platform.pay(reserva);
    await eventually(async () => expect((await entryOf(url, reserva.id)).status).toBe('CONFIRMED'));
    const confirmed = await entryOf(url, reserva.id);
    await customer.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, {});
    const cancelled = await entryOf(url, reserva.id);
    expect(cancelled.status).toBe('CANCELLED');
    const sequences = [held, confirmed, cancelled].map(({ sequence = 0 }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));

    const { body: list } = await customer.rest.get<{ calendarios: CalendarRest[] }>('/api/v1/calendarios');
    expect(list.calendarios.map(({ id, url: shown = '' }) => [id, shown])).toEqual([[created.body.id, '']]);
    await customer.rest.delete(`/api/v1/calendarios/${created.body.id}`);
    expect((await fetchFeed(url)).status).toBe(404);
  });

  it('answers 304 to who has it already', async () => {
    const customer = await platform.newCustomer();
    const { body } = await customer.rest.post<CalendarRest>('/api/v1/calendarios', {});
    const etag = (await fetchFeed(body.url ?? '')).headers.get('etag') ?? '';
    const again = await fetchFeed(body.url ?? '', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await fetch(body.url ?? '', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
  });

  it('refuses a forged address, and no log knows a real one', async () => {
    const { body } = await admin.post<CalendarRest>('/api/v1/calendarios', { espacoId: platform.room.id });
    const url = body.url ?? '';
    expect((await fetchFeed(url)).status).toBe(200);
    const forged = url.replace(/.\.ics$/, (end) => (end.startsWith('A') ? 'B.ics' : 'A.ics'));
    const refused = await fetchFeed(forged);
    expect([refused.status, await refused.json()]).toMatchObject([
      404,
      { reason: 'CALENDARIO_NAO_ENCONTRADO' },
    ]);
    const token = /([\w-]{64})\.ics$/.exec(url)?.[1] ?? 'none';
    const forgedToken = /([\w-]{64})\.ics$/.exec(forged)?.[1] ?? 'none';
    for (const name of ['edge', 'reservas']) {
      const log = await platform.logOf(name);
      expect([log.length > 0, log.includes(token), log.includes(forgedToken)]).toEqual([true, false, false]);
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ofReserva } from '@plataforma/dev/events/request';
import { type StoredEvent, storedEvents } from '@plataforma/dev/events/stored-events';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const COMMAND = fileURLToPath(new URL('../../dev/src/events/main.ts', import.meta.url));
const PATIENTLY = { timeoutMs: 45_000 };

let platform: Platform;
let nats: NatsConnection;
let customer: Customer;
let reserva: ReservaRest;

const header = ({ headers }: StoredEvent, name: string) => headers?.get(`ce-${name}`);

/** The event of this name in the story of the reservation, once it is there. */
async function event(name: string): Promise<StoredEvent> {
  let found: StoredEvent | undefined;
  await eventually(async () => {
    const story = await storedEvents(nats, { filter: ofReserva(reserva.id) });
    found = story.find(({ subject }) => subject.endsWith(`.${name}`));
    expect(found && name).toBe(name);
  }, PATIENTLY);
  return found as StoredEvent;
}

/** Who began it, by which request, and by which event. */
const trailOf = (stored: StoredEvent) =>
  ['authtype', 'authid', 'correlationid', 'causationid'].map((name) => header(stored, name) || undefined);

beforeAll(async () => {
  platform = await sharedPlatform();
  nats = await connect({ servers: platform.stack.natsUrl });
  customer = await platform.newCustomer();
  reserva = await platform.paid(customer);
  await customer.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, { motivo: 'x' });
  await event('EstornoConcluido');
}, 180_000);

afterAll(() => nats?.close());

describe('every event', () => {
  it('says who began it, by which request, and what its form is', async () => {
    const all = await storedEvents(nats, {});
    expect(new Set(all.map(({ subject }) => subject.split('.')[0]))).toEqual(
      new Set(['auth', 'reservas', 'pagamentos', 'notificacoes']),
    );
    for (const one of all) {
      const type = one.headers?.get('ce-type');
      expect([header(one, 'dataschema'), header(one, 'correlationid')]).toEqual([
        `proto:${type}`,
        expect.stringMatching(/./),
      ]);
      expect(header(one, 'authtype')).toMatch(/^(app_user|api_key|service_account|system|unauthenticated)$/);
      const named = header(one, 'authtype') !== 'unauthenticated';
      expect([type, Boolean(header(one, 'authid'))]).toEqual([type, named]);
      if (header(one, 'authtype') === 'system') expect(header(one, 'authid')).toMatch(/^[a-z]+(\/[a-z-]+)?$/);
    }
  });
});

describe('a reservation', () => {
  it('tells from the first event to the last e-mail by which request it came', async () => {
    const criada = await event('ReservaCriada');
    const aprovado = await event('PagamentoAprovado');
    const confirmada = await event('ReservaConfirmada');
    const cancelada = await event('ReservaCancelada');
    const pedido = await event('EstornoSolicitado');
    const concluido = await event('EstornoConcluido');
    const enviada = await event('NotificacaoEnviada');
    const [, , booked] = trailOf(criada);
    expect(trailOf(criada)).toEqual(['app_user', customer.id, expect.stringMatching(/./), undefined]);
    expect(header(await event('CobrancaCriada'), 'correlationid')).toBe(booked);
    // Paid by what the provider says: its event is the request.
    const paid = ['service_account', 'stripe', expect.stringMatching(/^evt_/)];
    expect(trailOf(aprovado)).toEqual([...paid, undefined]);
    expect(trailOf(confirmada)).toEqual([...trailOf(aprovado).slice(0, 3), header(aprovado, 'id')]);
    const [, , cancelled] = trailOf(cancelada);
    expect(trailOf(cancelada)).toEqual(['app_user', customer.id, expect.stringMatching(/./), undefined]);
    expect(trailOf(pedido)).toEqual(['app_user', customer.id, cancelled, header(cancelada, 'id')]);
    expect(trailOf(concluido)).toEqual(['app_user', customer.id, cancelled, header(cancelada, 'id')]);
    // The first e-mail is about the hold: it was planned by an event, and sent by a worker.
    expect(header(enviada, 'correlationid')).toBeTruthy();
    expect(header(enviada, 'causationid')).toBeTruthy();
  });

  it('has its story told by npm run events', async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=source', COMMAND, '--reserva', reserva.id, '--desde', '1h', '--cabecalhos'],
      { env: { NATS_URL: platform.stack.natsUrl }, timeout: 40_000 },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    expect(await once(child, 'close')).toEqual([0, null]);
    const lines = output.trim().split('\n');
    const story = lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(' ')[1]);
    const order = [
      'ReservaCriada',
      'PagamentoAprovado',
      'ReservaConfirmada',
      'ReservaCancelada',
      'EstornoConcluido',
    ];
    const told = story.map((subject) => subject?.split('.')[2]).filter((name) => order.includes(name ?? ''));
    expect([...new Set(told)]).toEqual(order);
    expect(lines).toContain(`    ce-authid: ${customer.id}`);
  });
});

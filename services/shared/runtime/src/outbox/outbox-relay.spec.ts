import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { EventBusUnavailableError } from '../events/event-bus.ts';
import type { OutgoingMessage } from '../events/event-message.ts';
import type { Seal } from '../personal/sealing.ts';
import { OutboxRelay } from './outbox-relay.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Waiting {
  readonly id: string;
  readonly agregadoTipo: string;
  readonly agregadoId: string;
}

/** What it does with a server is in its integration spec; here is what only time tells, and nobody waits for it. */
describe('OutboxRelay', () => {
  /** What the database was asked, and when, in milliseconds since the test began. */
  let asked: { readonly what: string; readonly at: number }[];
  let connections: Client[];
  let waiting: Waiting[];
  /** How many rows a purge finds, one after the other. */
  let purged: number[];
  let connect: () => Promise<void>;
  let end: () => Promise<void>;
  let locked: () => boolean;
  let publish: (message: OutgoingMessage) => Promise<void>;
  let seal: Seal;
  let told: string[];
  let began: number;
  let relay: OutboxRelay;

  const now = () => Math.round(performance.now() - began);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    began = performance.now();
    asked = [];
    connections = [];
    waiting = [];
    purged = [];
    told = [];
    connect = async () => undefined;
    end = async () => undefined;
    locked = () => true;
    publish = async () => undefined;
    seal = async (_, payload) => payload;
    const prototype = Client.prototype as unknown as Record<'connect' | 'query' | 'end', () => unknown>;
    jest.spyOn(prototype, 'connect').mockImplementation(function (this: Client) {
      asked.push({ what: 'connect', at: now() });
      connections.push(this);
      return connect();
    } as () => unknown);
    jest.spyOn(prototype, 'query').mockImplementation(answer as () => unknown);
    jest.spyOn(prototype, 'end').mockImplementation(() => {
      asked.push({ what: 'end', at: now() });
      return end();
    });
    const destination = { write: (line: string) => void told.push(JSON.parse(line).msg) };
    relay = new OutboxRelay({
      dataSource: {} as DataSource,
      url: 'postgres://localhost/teste',
      bus: { publish: (message) => publish(message) },
      seal: (type, payload) => seal(type, payload),
      logger: pino({ level: 'info' }, destination),
    });
  });

  afterEach(async () => {
    const stopped = relay.stop();
    await pass(0);
    await stopped;
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  async function answer(
    query: string | { readonly text: string; readonly values: unknown[] },
    values?: unknown[],
  ) {
    const { text, values: parameters = [] } = typeof query === 'string' ? { text: query, values } : query;
    const [, what = text] =
      [
        [/listen/, 'listen'],
        [/pg_try_advisory_lock/, 'lock'],
        [/pg_advisory_unlock/, 'unlock'],
        [/^\s*select id, agregado_tipo/, 'pending'],
        [/set enviado_em/, 'sent'],
        [/set tentativas/, 'failed'],
        [/delete from outbox/, 'purge'],
      ].find(([pattern]) => text.search(pattern as RegExp) !== -1) ?? [];
    asked.push({ what: String(what), at: now() });
    if (what === 'lock') return { rows: [{ locked: locked() }] };
    if (what === 'pending') return { rows: pending(parameters as [string[], number]) };
    if (what === 'sent') waiting = waiting.filter(({ id }) => !(parameters[0] as string[]).includes(id));
    if (what === 'purge') return { rowCount: purged.shift() ?? 0 };
    return { rows: [], rowCount: 0 };
  }

  function pending([excluded, limit]: [string[], number]) {
    return waiting
      .filter(({ agregadoTipo, agregadoId }) => !excluded.includes(`${agregadoTipo}/${agregadoId}`))
      .slice(0, limit)
      .map((row) => ({
        ...row,
        ...{
          agregadoVersao: 1,
          assunto: 'teste.v1.Fato',
          payload: JSON.stringify({ de: row.agregadoId }),
          cabecalhos: {},
          criadoEm: new Date(0),
        },
        tentativas: 0,
      }));
  }

  let rows = 0;
  function append(agregadoId: string): void {
    rows += 1;
    waiting.push({ id: `${rows}`, agregadoTipo: 'Teste', agregadoId });
  }

  /** Lets everything happen that happens within this time, with its last moment. */
  async function pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  const times = (wanted: string) => asked.filter(({ what }) => what === wanted).map(({ at }) => at);

  const notify = () => connections.at(-1)?.emit('notification', {});

  /** When the events of an aggregate were tried; all are refused. */
  function refuse(): { readonly id: string; readonly at: number }[] {
    const tried: { id: string; at: number }[] = [];
    publish = async ({ headers }) => {
      tried.push({ id: String(headers['agregado-id']), at: now() });
      throw new Error('refused');
    };
    return tried;
  }

  it('waits for nothing without an end, and notices a host that has vanished', async () => {
    await relay.start();
    await pass(0);
    expect(connections[0]).toMatchObject({
      _connectionTimeoutMillis: 5_000,
      connectionParameters: {
        application_name: 'outbox-relay',
        statement_timeout: 10_000,
        query_timeout: 12_000,
        options: expect.stringContaining('tcp_keepalives_idle=10'),
      },
      connection: { _keepAlive: true, _keepAliveInitialDelayMillis: 10_000 },
    });
  });

  it('works on one connection, however often it is started', async () => {
    await relay.start();
    await relay.start();
    await pass(0);
    expect(asked.map(({ what }) => what)).toEqual(['connect', 'listen', 'lock', 'pending', 'purge', ...REST]);
    expect(relay.active).toBe(true);
  });

  it('looks for events once a second without being told', async () => {
    await relay.start();
    await pass(2_999);
    expect(times('pending')).toEqual([0, 1_000, 2_000]);
    expect(times('lock')).toEqual([0]);
  });

  it('looks at once when it is told, but gathers what comes within 50 ms', async () => {
    await relay.start();
    await pass(10);
    notify();
    await pass(39);
    expect(times('pending')).toEqual([0]);
    await pass(1);
    expect(times('pending')).toEqual([0, 50]);
    await pass(300);
    notify();
    await pass(0);
    expect(times('pending')).toEqual([0, 50, 350]);
  });

  it('looks again when it was told while it was sending', async () => {
    const way = Promise.withResolvers<void>();
    publish = () => way.promise;
    append('a');
    await relay.start();
    await pass(200);
    notify();
    way.resolve();
    await pass(0);
    expect(times('pending')).toEqual([0, 200]);
  });

  it('asks for the lock once a second, whatever it is told, and does nothing without it', async () => {
    locked = () => now() >= 2_000;
    await relay.start();
    await pass(1_999);
    expect([times('lock'), times('pending')]).toEqual([[0, 1_000], []]);
    expect(relay.active).toBe(false);
    await pass(1);
    expect([times('lock'), times('pending')]).toEqual([[0, 1_000, 2_000], [2_000]]);
    expect(relay.active).toBe(true);
  });

  it('takes a hundred at a time, without a pause while there are more', async () => {
    for (let n = 0; n < 250; n += 1) append(`${n}`);
    await relay.start();
    await pass(0);
    expect(times('pending')).toEqual([0, 0, 0]);
    expect(waiting).toEqual([]);
    for (let n = 0; n < 100; n += 1) append(`${n}`);
    await pass(1_000);
    expect(times('pending')).toEqual([0, 0, 0, 1_000, 1_000]);
  });

  it('publishes sixteen aggregates side by side', async () => {
    const entered: string[] = [];
    const way = Promise.withResolvers<void>();
    publish = async ({ headers }) => {
      entered.push(String(headers['agregado-id']));
      await way.promise;
    };
    for (let n = 0; n < 20; n += 1) append(`${n}`);
    await relay.start();
    await pass(0);
    expect(entered).toHaveLength(16);
    way.resolve();
    await pass(0);
    expect(entered).toHaveLength(20);
  });

  it('holds a refused aggregate back for longer and longer, at most half a minute', async () => {
    const tried = refuse();
    append('a');
    await relay.start();
    await pass(130 * SECOND_MS);
    expect(tried.map(({ at }) => at / SECOND_MS)).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    expect(times('failed')).toHaveLength(9);
    expect(times('sent')).toEqual([]);
    expect(relay.active).toBe(true);
  });

  it('begins anew with an aggregate once an event of it was taken', async () => {
    const tried = refuse();
    append('a');
    await relay.start();
    await pass(2_999);
    publish = async () => undefined;
    await pass(1_001);
    expect(waiting).toEqual([]);
    const again = refuse();
    append('a');
    await pass(3 * SECOND_MS);
    expect(tried).toHaveLength(2);
    expect(again.map(({ at }) => at)).toEqual([5_000, 6_000]);
  });

  it.each([
    ['remembers for half a minute', 29, 2],
    ['forgets after half a minute', 32, 1],
  ])('%s how often it was refused an aggregate that another relay has sent', async (_, seconds, waits) => {
    refuse();
    append('a');
    await relay.start();
    await pass(0);
    waiting = [];
    await pass(seconds * SECOND_MS);
    const tried = refuse();
    append('a');
    await pass(4_500);
    const [first, second] = tried.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBe(waits * SECOND_MS);
  });

  it('tries no further aggregates while a thousand wait', async () => {
    const tried = refuse();
    for (let n = 0; n < 1_200; n += 1) append(`${n}`);
    await relay.start();
    await pass(500);
    expect(tried).toHaveLength(1_000);
    expect(times('pending')).toHaveLength(10);
    await pass(500);
    expect(tried.length).toBeGreaterThan(1_000);
  });

  it('goes on with all others while more than a thousand cannot be sealed: that is not the broker', async () => {
    seal = async (_, payload) => {
      if (payload.includes('perdida')) throw new Error('no key');
      return payload;
    };
    for (let n = 0; n < 1_200; n += 1) append(`perdida-${n}`);
    append('a');
    await relay.start();
    await pass(500);
    append('b');
    await pass(500);
    expect(waiting.filter(({ agregadoId }) => !agregadoId.startsWith('perdida'))).toEqual([]);
    expect([times('unlock'), relay.active]).toEqual([[], true]);
  });

  it('stands aside for three seconds after five without a broker, and says so once', async () => {
    publish = () => Promise.reject(new EventBusUnavailableError('away'));
    append('a');
    await relay.start();
    await pass(4_999);
    expect(times('unlock')).toEqual([]);
    await pass(1);
    expect(times('unlock')).toEqual([5_000]);
    expect(relay.active).toBe(false);
    await pass(3_999);
    expect(times('lock')).toEqual([0]);
    await pass(1);
    expect(times('lock')).toEqual([0, 9_000]);
    expect(times('unlock')).toEqual([5_000, 9_000]);
    await pass(10_000);
    expect(told).toEqual(['outbox relay is active', 'outbox relay cannot publish, lets others try']);
    expect(times('failed')).toEqual([]);
  });

  it.each([
    ['one event was taken', () => append('b')],
    ['another relay has sent all', () => (waiting = [])],
  ])('counts anew how long the broker is away once %s', async (_, happen) => {
    const away = () => Promise.reject(new EventBusUnavailableError('away'));
    publish = away;
    append('a');
    await relay.start();
    await pass(3_500);
    publish = async () => undefined;
    happen();
    await pass(1_000);
    publish = away;
    append('c');
    await pass(5_000);
    expect(times('unlock')).toEqual([]);
    await pass(1_000);
    expect(times('unlock')).toEqual([10_000]);
  });

  it('purges once an hour, and every second while there is more', async () => {
    purged = [1_000, 1_000, 999];
    await relay.start();
    await pass(500);
    notify();
    await pass(500);
    expect(times('purge')).toEqual([0]);
    await pass(HOUR_MS - 1_001);
    expect(times('purge')).toEqual([0, 1_500, 2_500]);
    expect(told.filter((line) => line.startsWith('purged'))).toHaveLength(3);
    await pass(3 * SECOND_MS);
    expect(times('purge')).toEqual([0, 1_500, 2_500, HOUR_MS + 2_500]);
  });

  it('connects again after longer and longer pauses, at most half a minute', async () => {
    connect = () => Promise.reject(new Error('away'));
    await relay.start();
    await pass(100 * SECOND_MS);
    expect(times('connect').map((at) => at / SECOND_MS)).toEqual([
      0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 91.5,
    ]);
    expect(times('end')).toHaveLength(9);
    connect = async () => undefined;
    await pass(30 * SECOND_MS);
    expect(relay.active).toBe(true);
    connections.at(-1)?.emit('error', new Error('cut'));
    await pass(499);
    expect(relay.active).toBe(false);
    const before = times('connect').length;
    await pass(51);
    expect(times('connect')).toHaveLength(before + 1);
    expect(relay.active).toBe(true);
  });

  it('sends nothing more over a connection that is lost', async () => {
    const sent: string[] = [];
    publish = async ({ headers }) => {
      sent.push(String(headers['agregado-id']));
      if (sent.length === 1) connections[0]?.emit('error', new Error('cut'));
    };
    append('a');
    append('a');
    await relay.start();
    await pass(0);
    expect(sent).toEqual(['a']);
    expect([times('pending'), times('purge')]).toEqual([[0], []]);
    await pass(600);
    expect(times('connect')).toEqual([0, expect.any(Number)]);
    expect(sent).toEqual(['a', 'a']);
  });

  it('stops at once while it has nothing to do, and leaves nothing behind', async () => {
    await relay.start();
    await pass(200);
    await relay.stop();
    expect(times('end')).toEqual([200]);
    expect(relay.active).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops at once while it waits for a connection or stands aside', async () => {
    connect = () => Promise.reject(new Error('away'));
    await relay.start();
    await pass(100);
    await relay.stop();
    expect(now()).toBe(100);
    expect(times('connect')).toEqual([0]);
    expect(told).toEqual(['outbox relay lost its connection']);
  });

  it('waits two seconds for a goodbye that does not come', async () => {
    end = () => new Promise(() => undefined);
    await relay.start();
    await pass(0);
    let stopped = false;
    const over = relay.stop().then(() => {
      stopped = true;
    });
    await pass(1_999);
    expect(stopped).toBe(false);
    await pass(1);
    await over;
    expect(now()).toBe(2_000);
  });
});

/** What a purge asks of the tables after the outbox. */
const REST = [
  expect.stringContaining('delete from inbox'),
  expect.stringContaining('delete from idempotencia'),
];

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import pg from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { connectEventBus, type EventBus, EventBusUnavailableError } from '../events/event-bus.ts';
import type { EventPublisher, OutgoingMessage } from '../events/event-message.ts';
import { fromNatsHeaders } from '../events/event-message.ts';
import { isUniqueViolation } from '../postgres/postgres.ts';
import { newTrail, onTrail } from '../trail/trail.ts';
import { appendToOutbox, integrationEvent } from './outbox.ts';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts';

const logger = pino({ level: 'silent' });
const STREAM = 'TESTE';
/** So long that only a wake-up explains what happens within a test. */
const NEVER_MS = 3_600_000;

describe('OutboxRelay', () => {
  let database: RuntimeDatabase;
  let dataSource: DataSource;
  let server: NatsServer;
  let bus: EventBus;
  const relays: OutboxRelay[] = [];

  beforeAll(async () => {
    database = await createRuntimeDatabase();
    ({ dataSource } = database);
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
  });

  beforeEach(() => bus.ensureStream(STREAM, ['google.protobuf.>']));

  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await dataSource.query('truncate outbox');
    await (await manager()).streams.delete(STREAM);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
    await database.drop();
  });

  const manager = () => jetstreamManager(bus.connection(), { checkAPI: false });

  async function startRelay(
    publisher: EventPublisher = bus,
    options: Partial<OutboxRelayOptions> = {},
  ): Promise<OutboxRelay> {
    const relay = new OutboxRelay({ dataSource, url: database.url, bus: publisher, logger, ...options });
    relays.push(relay);
    await relay.start();
    return relay;
  }

  const append = (id: string, versao: number, name = `${id}:${versao}`) =>
    dataSource.transaction((tx) =>
      appendToOutbox(tx, [integrationEvent(MixinSchema, { name }, { tipo: 'Teste', id, versao })]),
    );

  async function stored() {
    const streams = (await manager()).streams;
    const { state } = await streams.info(STREAM);
    const messages = [];
    for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq++) {
      const message = await streams.getMessage(STREAM, { seq });
      if (message)
        messages.push({ body: message.json<{ name: string }>(), headers: fromNatsHeaders(message.header) });
    }
    return messages;
  }

  async function storedNames(): Promise<string[]> {
    return (await stored()).map(({ body }) => body.name);
  }

  async function unsent(): Promise<number> {
    const [row] = await dataSource.query('select count(*)::int as n from outbox where enviado_em is null');
    return row.n;
  }

  const allSent = (timeoutMs = 10_000) =>
    eventually(async () => expect(await unsent()).toBe(0), { timeoutMs });

  /** Cuts the connection of the active relay, as the death of its process or of the network would; false without one. */
  async function killActive(): Promise<boolean> {
    const killed: unknown[] =
      await dataSource.query(`select pg_terminate_backend(pid) from pg_locks join pg_database d on d.oid = database
        where locktype = 'advisory' and granted and datname = current_database()`);
    return killed.length > 0;
  }

  /** A bus that can be told to interfere. */
  function publisher(publish: (message: OutgoingMessage) => Promise<void>): EventPublisher {
    return { publish };
  }

  it('publishes a committed event with its headers and nothing of a rolled back one', async () => {
    await startRelay();
    await append('res_1', 3, 'ola');
    const rolledBack = dataSource.transaction(async (tx) => {
      await appendToOutbox(tx, [
        integrationEvent(MixinSchema, { name: 'x' }, { tipo: 'Teste', id: 'res_2', versao: 1 }),
      ]);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await allSent();
    const [row] = await dataSource.query('select id, criado_em from outbox');
    expect(await stored()).toEqual([
      {
        body: { name: 'ola' },
        headers: {
          'Nats-Msg-Id': row.id,
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-id': row.id,
          'ce-source': '/plataforma/google',
          'ce-type': 'google.protobuf.Mixin',
          'ce-subject': 'res_1',
          'ce-time': row.criado_em.toISOString(),
          'ce-dataschema': 'proto:google.protobuf.Mixin',
          'ce-authtype': 'system',
          'ce-authid': 'google',
          'ce-correlationid': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'agregado-tipo': 'Teste',
          'agregado-id': 'res_1',
          'agregado-versao': '3',
        },
      },
    ]);
  });

  it('says who began an event and by which request, as it was when the event was stored', async () => {
    const trail = { ...newTrail({ type: 'app_user', id: 'cli_1' }, 'req-1'), causationId: 'ev-1' };
    await onTrail(trail, () => append('res_1', 1));
    await onTrail(newTrail({ type: 'system', id: 'prazos' }, 'item-1'), () => append('res_1', 2));
    const waited = newTrail({ type: 'system', id: 'outro/prazos' }, 'item-2');
    const [row, agregado] = [{ name: 'x' }, { tipo: 'Teste', id: 'res_1', versao: 3 }];
    await appendToOutbox(dataSource.manager, [integrationEvent(MixinSchema, row, agregado, waited)]);
    // As releases stored it that knew of no trail.
    await append('res_1', 4);
    await dataSource.query(`update outbox set cabecalhos = '{}' where agregado_versao = 4`);
    await startRelay();
    await allSent();
    const trails = (await stored()).map(({ headers }) =>
      ['authtype', 'authid', 'correlationid', 'causationid'].map((name) => headers[`ce-${name}`]),
    );
    const [old] = await dataSource.query('select id from outbox where agregado_versao = 4');
    expect(trails).toEqual([
      ['app_user', 'cli_1', 'req-1', 'ev-1'],
      ['system', 'google/prazos', 'item-1', undefined],
      ['system', 'outro/prazos', 'item-2', undefined],
      ['unknown', undefined, old.id, undefined],
    ]);
  });

  it('is woken by the commit, also while it sends another event', async () => {
    const entered = Promise.withResolvers<void>();
    const way = Promise.withResolvers<void>();
    const slow = publisher(async (message) => {
      if (message.headers['agregado-id'] === 'slow') {
        entered.resolve();
        await way.promise;
      }
      await bus.publish(message);
    });
    const listener = new pg.Client(database.url);
    await listener.connect();
    await listener.query('listen outbox');
    const relay = await startRelay(slow, { pollMs: NEVER_MS });
    await eventually(() => expect(relay.active).toBe(true));
    await append('first', 1);
    await allSent();
    await append('slow', 1);
    await entered.promise;
    const told = once(listener, 'notification');
    await append('meanwhile', 1);
    await told;
    way.resolve();
    await allSent();
    await listener.end();
  });

  it('refuses the same fact of the same aggregate version twice', async () => {
    await append('res_1', 1);
    const error = await append('res_1', 1).catch((reason: unknown) => reason);
    expect(isUniqueViolation(error, 'outbox_agregado_uq')).toBe(true);
  });

  it('keeps one active relay and lets the other take over when it stops', async () => {
    const first = await startRelay();
    await eventually(() => expect(first.active).toBe(true));
    const second = await startRelay();
    // It has asked for the lock, and does nothing since.
    await eventually(async () => {
      const [row] = await dataSource.query(`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and application_name = 'outbox-relay' and state = 'idle'
          and query like 'select pg_try_advisory_lock%'`);
      expect(row).toEqual({ n: 1 });
    });
    await append('res_1', 1);
    await allSent();
    expect([first.active, second.active]).toEqual([true, false]);
    await first.stop();
    await eventually(() => expect(second.active).toBe(true));
    await append('res_1', 2);
    await allSent();
  });

  it('neither loses nor reorders events when the active relay is cut off again and again', async () => {
    const kills = { wanted: 5, done: 0 };
    let published = 0;
    // The cut comes in the middle of a batch, between one event of an aggregate and the next.
    const deadly = publisher(async (message) => {
      await bus.publish(message);
      if (++published % 20 === 0 && kills.done < kills.wanted && (await killActive())) kills.done += 1;
    });
    await startRelay(deadly);
    await startRelay(deadly);
    const ids = ['a', 'b', 'c', 'd'];
    const versions = Array.from({ length: 60 }, (_, i) => i + 1);
    const writers = ids.map(async (id) => {
      for (const versao of versions) await append(id, versao);
    });
    await Promise.all(writers);
    await allSent(20_000);
    // Events of a batch travel together: two of them may kill.
    expect(kills.done).toBeGreaterThanOrEqual(kills.wanted);
    // What was acknowledged and not marked was sent again.
    expect(published).toBeGreaterThan(ids.length * versions.length);
    const names = await storedNames();
    for (const id of ids) {
      expect(names.filter((name) => name.startsWith(`${id}:`))).toEqual(
        versions.map((versao) => `${id}:${versao}`),
      );
    }
  }, 60_000);

  it('sends again without a duplicate when it dies between the publish and the mark', async () => {
    let published = 0;
    let killed = false;
    const dying = publisher(async (message) => {
      await bus.publish(message);
      if (++published === 1) killed = await killActive();
    });
    await startRelay(dying);
    await append('res_1', 1);
    await append('res_1', 2);
    await allSent();
    expect(killed).toBe(true);
    expect(published).toBeGreaterThan(2);
    expect(await storedNames()).toEqual(['res_1:1', 'res_1:2']);
  });

  it('holds back the aggregate of a refused event, keeps its order, and lets the others go on', async () => {
    let refusing = true;
    const moody = publisher(async (message) => {
      if (refusing && message.headers['agregado-id'] === 'bad') throw new Error('refused');
      await bus.publish(message);
    });
    await startRelay(moody);
    for (const versao of [1, 2, 3]) await append('bad', versao);
    for (const versao of [1, 2, 3]) await append('good', versao);
    await eventually(async () => expect(await storedNames()).toEqual(['good:1', 'good:2', 'good:3']));
    const rows = await dataSource.query(
      `select agregado_versao as v, tentativas > 0 as tried from outbox where agregado_id = 'bad' order by posicao`,
    );
    expect(rows).toEqual([
      { v: 1, tried: true },
      { v: 2, tried: false },
      { v: 3, tried: false },
    ]);
    refusing = false;
    await allSent();
    expect((await storedNames()).slice(3)).toEqual(['bad:1', 'bad:2', 'bad:3']);
  });

  it('holds it back no longer when the clock is set back', async () => {
    let refusals = 0;
    const moody = publisher(async (message) => {
      if (refusals++ === 0) throw new Error('refused');
      await bus.publish(message);
    });
    await startRelay(moody);
    await append('bad', 1);
    await eventually(async () =>
      expect(await dataSource.query('select tentativas from outbox')).toEqual([{ tentativas: 1 }]),
    );
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    await allSent(5_000).finally(() => clock.mockRestore());
    expect(await storedNames()).toEqual(['bad:1']);
  });

  it('sends an event whose transaction commits late, after a later position', async () => {
    await startRelay();
    const late = Promise.withResolvers<void>();
    const inserted = Promise.withResolvers<void>();
    const slow = dataSource.transaction(async (tx) => {
      await appendToOutbox(tx, [
        integrationEvent(MixinSchema, { name: 'late' }, { tipo: 'Teste', id: 'slow', versao: 1 }),
      ]);
      inserted.resolve();
      await late.promise;
    });
    await inserted.promise;
    await append('fast', 1, 'early');
    await eventually(async () => expect(await storedNames()).toEqual(['early']));
    late.resolve();
    await slow;
    await eventually(async () => expect(await storedNames()).toEqual(['early', 'late']));
  });

  it('waits for the batch under way when stopped, and leaves the rest to the next', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const stuck = publisher(async (message) => {
      entered.resolve();
      await release.promise;
      await bus.publish(message);
    });
    await append('res_1', 1);
    await append('res_1', 2);
    const relay = await startRelay(stuck);
    await entered.promise;
    const stopped = relay.stop();
    release.resolve();
    await stopped;
    expect(await storedNames()).toEqual(['res_1:1']);
    expect(await unsent()).toBe(1);
  });

  it('sends nothing while the broker is away and everything when it is back', async () => {
    const port = server.port;
    await startRelay();
    await server.stop();
    await eventually(() => expect(bus.connected).toBe(false));
    for (const versao of [1, 2, 3]) await append('res_1', versao);
    expect(await unsent()).toBe(3);
    server = await startNats({ port });
    await allSent();
    expect(await storedNames()).toEqual(['res_1:1', 'res_1:2', 'res_1:3']);
    const [row] = await dataSource.query('select max(tentativas)::int as n from outbox');
    expect(row).toEqual({ n: 0 });
  });

  it('lets another relay take over when it reaches the database but not the broker', async () => {
    const cutOff = publisher(async () => {
      throw new EventBusUnavailableError('not connected');
    });
    const first = await startRelay(cutOff);
    await eventually(() => expect(first.active).toBe(true));
    const second = await startRelay();
    await append('res_1', 1);
    await allSent(15_000);
    expect([first.active, second.active]).toEqual([false, true]);
    await append('res_1', 2);
    await allSent();
    expect(await storedNames()).toEqual(['res_1:1', 'res_1:2']);
  });

  it('stops trying further aggregates when the broker refuses very many of them', async () => {
    await dataSource.query(
      `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload)
       select gen_random_uuid(), 'Teste', n::text, 1, 'google.protobuf.Mixin', '{}' from generate_series(1, 1700) n`,
    );
    const refusing = publisher(async () => {
      throw new Error('maximum bytes exceeded');
    });
    await startRelay(refusing);
    const tried = async () => {
      const [row] = await dataSource.query(
        'select count(*)::int as aggregates, max(tentativas)::int as most from outbox where tentativas > 0',
      );
      return row;
    };
    await eventually(async () => expect((await tried()).most).toBeGreaterThanOrEqual(2));
    expect((await tried()).aggregates).toBeLessThan(1_500);
    const relay = relays.splice(0)[0];
    await relay?.stop();
    await startRelay();
    await eventually(async () => expect(await unsent()).toBeLessThan(1_700));
  });

  it('purges old sent events, old inbox rows and expired keys, batch by batch until none is left', async () => {
    await dataSource.query(
      `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload, enviado_em)
       select gen_random_uuid(), 't', n::text, 1, 's', '{}', now() - (n - 0.5) * interval '1 day' from generate_series(1, 20) n`,
    );
    await dataSource.query(
      `insert into inbox select 'c', n::text, now() - (n - 0.5) * interval '10 days' from generate_series(1, 20) n`,
    );
    await dataSource.query(
      `insert into idempotencia select 'e', n::text, 'm', '', 'CONCLUIDA', 0, '', gen_random_uuid(), now(), now(),
         now() + (n - 2.5) * interval '1 hour' from generate_series(1, 5) n`,
    );
    const relay = new OutboxRelay({ dataSource, url: database.url, bus, logger, purgeLimit: 5 });
    relays.push(relay);
    await relay.start();
    await eventually(async () => {
      const [row] = await dataSource.query(`select (select count(*)::int from outbox) as outbox,
        (select count(*)::int from inbox) as inbox, (select count(*)::int from idempotencia) as chaves`);
      // 13 sent events are over 7 days old, 8 inbox rows over 120 days, 2 keys expired.
      expect(row).toEqual({ outbox: 7, inbox: 12, chaves: 3 });
    });
    const [oldest] = await dataSource.query(`select max(agregado_id::int) as n from outbox`);
    expect(oldest).toEqual({ n: 7 });
  });

  it('shows its lag in the metrics', async () => {
    const registry = new Registry();
    await append(randomUUID(), 1);
    const relay = new OutboxRelay({ dataSource, url: database.url, bus, logger, metrics: { registry } });
    expect(await registry.getSingleMetricAsString('outbox_pendentes')).toContain('outbox_pendentes 1');
    relays.push(relay);
    await relay.start();
    await allSent();
    expect(await registry.getSingleMetricAsString('outbox_pendentes')).toContain('outbox_pendentes 0');
    await eventually(async () =>
      expect(await registry.getSingleMetricAsString('outbox_publicados_total')).toContain(
        '{resultado="ok"} 1',
      ),
    );
  });
});

import { randomUUID } from 'node:crypto';
import { create, toJsonString } from '@bufbuild/protobuf';
import { type Mixin, MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { requireBinary, startServer } from '@plataforma/testing/servers/server-process';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { currentTrail, newTrail, trailHeaders } from '../trail/trail.ts';
import type { ConsumeOptions, EventConsumer } from './consumer/event-consumer.ts';
import { replayDeadLetters } from './dead-letter-replay.ts';
import { connectEventBus, type EventBus, EventBusUnavailableError } from './event-bus.ts';
import { type EventMeta, eventHeaders, fromNatsHeaders, on, PermanentError } from './event-message.ts';

const logger = pino({ level: 'silent' });
const subject = MixinSchema.typeName;
const subjects = ['google.protobuf.>'];

describe('EventBus', () => {
  let server: NatsServer;
  let bus: EventBus;
  let stream: string;
  const consumers: EventConsumer[] = [];
  const registry = new Registry();

  beforeAll(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger, metrics: { registry } });
  });

  afterEach(async () => {
    // Also those of a test that failed: a consumer makes its place in the next test's stream again.
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    const manager = await manage();
    for (const name of await manager.streams.names().next()) await manager.streams.delete(name);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  const manage = (of: EventBus = bus) => jetstreamManager(of.connection(), { checkAPI: false });

  async function freshStream(): Promise<string> {
    stream = 'TESTE';
    await bus.ensureStream(stream, subjects);
    return stream;
  }

  function event(name: string, aggregate = 'a', versao = 1, type: string = subject) {
    const id = randomUUID();
    const agregado = { tipo: 'Teste', id: aggregate, versao };
    const criadoEm = new Date('2026-03-01T12:00:00Z');
    return {
      id,
      subject: type,
      payload: toJsonString(MixinSchema, create(MixinSchema, { name })),
      headers: eventHeaders({ id, assunto: type, agregado, criadoEm, cabecalhos: {} }),
    };
  }

  /** Unless told otherwise: three attempts 50 ms apart. */
  function consume(
    handle: (message: Mixin, meta: EventMeta) => Promise<void>,
    options: Partial<ConsumeOptions> = {},
  ) {
    const consumer = bus.consume({
      stream,
      durable: `c-${randomUUID()}`,
      filter: 'google.protobuf.>',
      on: [on(MixinSchema, handle)],
      backoffMs: [50, 50],
      ...options,
    });
    consumers.push(consumer);
    return consumer;
  }

  async function deadLetters() {
    const manager = await manage();
    const { state } = await manager.streams.info('DLQ');
    const records = [];
    for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq++) {
      const record = await manager.streams.getMessage('DLQ', { seq });
      if (record)
        records.push({
          subject: record.subject,
          body: record.string(),
          headers: fromNatsHeaders(record.header),
        });
    }
    return records;
  }

  it('keeps one message when the same id is published twice', async () => {
    await freshStream();
    const message = event('x');
    await bus.publish(message);
    await bus.publish(message);
    const { state } = await (await manage()).streams.info(stream);
    expect(state.messages).toBe(1);
  });

  it('creates the stream again when it has vanished', async () => {
    await freshStream();
    await (await manage()).streams.delete(stream);
    await bus.publish(event('x'));
    const { state } = await (await manage()).streams.info(stream);
    expect(state.messages).toBe(1);
  });

  it('adds to an existing stream what is declared and missing', async () => {
    await freshStream();
    await bus.ensureStream(stream, [...subjects, 'outro.>'], { maxAgeDays: 60 });
    const { config } = await (await manage()).streams.info(stream);
    expect(config).toMatchObject({
      subjects: [...subjects, 'outro.>'],
      max_age: 60 * 86_400e9,
      discard: 'new',
    });
  });

  it('handles an event on its trail, in a replay as well', async () => {
    await freshStream();
    const seen: unknown[] = [];
    consume(
      async () => {
        seen.push(currentTrail());
        if (seen.length === 1) throw new PermanentError('not yet');
      },
      { durable: 'c' },
    );
    const sent = event('ola');
    const begun = trailHeaders(newTrail({ type: 'app_user', id: 'cli_1' }, 'req-1'));
    await bus.publish({ ...sent, headers: { ...sent.headers, ...begun } });
    await eventually(async () => expect(await replayDeadLetters(bus)).toBe(1));
    await eventually(() => expect(seen).toHaveLength(2));
    const trail = { actor: { type: 'app_user', id: 'cli_1' }, correlationId: 'req-1', causationId: sent.id };
    expect(seen).toEqual([trail, trail]);
  });

  it('gives the handler the decoded message and its facts', async () => {
    await freshStream();
    const seen: unknown[] = [];
    consume(async (message, meta) => void seen.push({ name: message.name, meta }));
    const sent = event('ola', 'res_1', 3);
    await bus.publish(sent);
    await eventually(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toEqual({
      name: 'ola',
      meta: {
        id: sent.id,
        subject,
        agregado: { tipo: 'Teste', id: 'res_1', versao: 3 },
        ocorridoEm: new Date('2026-03-01T12:00:00Z'),
        entrega: 1,
      },
    });
  });

  it('retries with growing delay and then buries the message with its error', async () => {
    await freshStream();
    const times: number[] = [];
    const durable = `c-${randomUUID()}`;
    consume(
      async (_, meta) => {
        times.push(performance.now());
        throw new Error(`attempt ${meta.entrega}`);
      },
      { durable, backoffMs: [100, 300] },
    );
    const sent = event('x');
    await bus.publish(sent);
    await eventually(async () => expect(await deadLetters()).toHaveLength(1));
    const [record] = await deadLetters();
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(95);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(295);
    expect(record).toMatchObject({ subject: `dlq.${durable}.${subject}`, body: sent.payload });
    expect(record?.headers).toMatchObject({
      ...sent.headers,
      'dlq-erro': 'Error: attempt 3',
      'dlq-consumidor': durable,
      'dlq-assunto': subject,
      'dlq-entregas': '3',
      'dlq-em': expect.any(String),
    });
    await eventually(async () => {
      const info = await (await manage()).consumers.info(stream, durable);
      expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    });
  });

  it('holds on to a message, without counting attempts, while a dependency is away', async () => {
    await freshStream();
    const deliveries: number[] = [];
    const durable = `c-${randomUUID()}`;
    consume(
      async (_, { entrega }) => {
        deliveries.push(entrega);
        if (deliveries.length < 3) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      },
      { durable, backoffMs: [] },
    );
    await bus.publish(event('x'));
    await eventually(() => expect(deliveries).toEqual([1, 1, 1]));
    // Handled at last at its only attempt, so there was nothing to bury.
    await eventually(async () => {
      const { num_pending, num_ack_pending } = await (await manage()).consumers.info(stream, durable);
      expect([num_pending, num_ack_pending]).toEqual([0, 0]);
    });
  });

  it('buries at once when the handler says so or the body does not decode', async () => {
    await freshStream();
    let calls = 0;
    consume(async () => {
      calls++;
      throw new PermanentError('never');
    });
    await bus.publish(event('x', 'a'));
    await bus.publish({ ...event('x', 'b'), payload: '{"name": 7}' });
    await bus.publish({ ...event('x', 'c'), payload: 'not json' });
    await eventually(async () => expect(await deadLetters()).toHaveLength(3));
    expect(calls).toBe(1);
    const deliveries = (await deadLetters()).map(({ headers }) => headers['dlq-entregas']);
    expect(deliveries).toEqual(['1', '1', '1']);
  });

  it('handles other messages meanwhile when one is poisonous', async () => {
    await freshStream();
    const seen: string[] = [];
    consume(
      async (message) => {
        if (message.name === 'poison') throw new Error('poison');
        seen.push(message.name);
      },
      { backoffMs: [60_000] },
    );
    await bus.publish(event('poison', 'a'));
    for (let i = 0; i < 50; i++) await bus.publish(event(`m${i}`, `agg${i}`));
    await eventually(() => expect(seen).toHaveLength(50));
  });

  it('keeps the order of one aggregate when a message succeeds at its retry', async () => {
    await freshStream();
    const seen: string[] = [];
    consume(async (message, meta) => {
      if (message.name === 'a1' && meta.entrega < 3) throw new Error('not yet');
      seen.push(message.name);
    });
    for (const [index, name] of ['a1', 'a2', 'a3', 'a4'].entries())
      await bus.publish(event(name, 'a', index));
    await eventually(() => expect(seen).toHaveLength(4));
    expect(seen).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('ignores unknown fields and acknowledges event types without a handler', async () => {
    await freshStream();
    const seen: string[] = [];
    const durable = `c-${randomUUID()}`;
    consume(async (message) => void seen.push(message.name), { durable });
    await bus.publish(event('x', 'a', 1, 'google.protobuf.Novidade'));
    await bus.publish({ ...event('x'), payload: '{"name": "newer", "added": {"later": 1}}' });
    await eventually(async () => {
      const info = await (await manage()).consumers.info(stream, durable);
      expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    });
    expect(seen).toEqual(['newer']);
    expect(await registry.getSingleMetricAsString('eventos_consumidos_total')).toContain(
      `{consumidor="${durable}",assunto="outros",resultado="ignored"} 1`,
    );
  });

  it('waits for the stream when it does not exist yet', async () => {
    stream = 'TESTE';
    const seen: string[] = [];
    consume(async (message) => void seen.push(message.name));
    await bus.ensureStream(stream, subjects);
    await bus.publish(event('late'));
    await eventually(() => expect(seen).toEqual(['late']));
  });

  it('finishes the handler under way and acknowledges it when stopped', async () => {
    await freshStream();
    const durable = `c-${randomUUID()}`;
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let finished = false;
    const consumer = consume(
      async () => {
        started.resolve();
        await finish.promise;
        finished = true;
      },
      { durable },
    );
    await bus.publish(event('x'));
    await started.promise;
    const stopped = consumer.stop();
    finish.resolve();
    await stopped;
    expect(finished).toBe(true);
    // The server counts an acknowledgement when it has read it, and the consumer does not wait for that.
    await eventually(async () =>
      expect(await (await manage()).consumers.info(stream, durable)).toMatchObject({
        num_ack_pending: 0,
        num_pending: 0,
      }),
    );
  });

  it('keeps the message until its dead letter can be written', async () => {
    await freshStream();
    const streams = (await manage()).streams;
    await streams.add({ name: 'DLQ', subjects: ['dlq.>'], max_bytes: 1, discard: 'new' });
    const durable = `c-${randomUUID()}`;
    const deliveries: number[] = [];
    consume(
      async (_, meta) => {
        deliveries.push(meta.entrega);
        throw new Error('never');
      },
      { durable, backoffMs: [], deadLetterRetryMs: 50 },
    );
    await bus.publish(event('x'));
    await eventually(async () => {
      const info = await (await manage()).consumers.info(stream, durable);
      expect(info.delivered.consumer_seq).toBeGreaterThan(2);
    });
    await streams.update('DLQ', { max_bytes: 1_000_000 });
    await eventually(async () => expect(await deadLetters()).toHaveLength(1));
    expect((await deadLetters())[0]?.headers['dlq-erro']).toBe('Error: never');
    expect(deliveries).toEqual([1]);
  });

  it('gives a replayed dead letter to the handler as the same event', async () => {
    await freshStream();
    const ids: string[] = [];
    let broken = true;
    const durable = `c-${randomUUID()}`;
    consume(
      async (_, meta) => {
        if (broken) throw new PermanentError('bug');
        ids.push(meta.id);
      },
      { durable },
    );
    const sent = event('x');
    await bus.publish(sent);
    await eventually(async () => expect(await deadLetters()).toHaveLength(1));
    broken = false;
    expect(await replayDeadLetters(bus, { durable: 'outro' })).toBe(0);
    expect(await replayDeadLetters(bus, { durable })).toBe(1);
    await eventually(() => expect(ids).toEqual([sent.id]));
    expect(await deadLetters()).toEqual([]);
  });
});

describe('EventBus when NATS goes away', () => {
  it('starts without it, refuses to publish, and works as soon as it is there', async () => {
    const probe = await startNats();
    await probe.stop();
    const bus = await connectEventBus({ servers: probe.url, name: 'teste', logger });
    await bus.ensureStream('TESTE', subjects);
    const message = { id: randomUUID(), subject, payload: '{}', headers: {} };
    await expect(bus.publish(message)).rejects.toBeInstanceOf(EventBusUnavailableError);
    const server = await startNats({ port: probe.port });
    await eventually(() => bus.publish(message));
    await bus.close();
    await server.stop();
  });

  it('starts while NATS is there and its streams are not yet, and declares its own as soon as they are', async () => {
    const early = await startServer({
      name: 'NATS',
      binary: requireBinary('nats-server', 'nats-server'),
      args: (port) => ['-a', '127.0.0.1', '-p', `${port}`],
      stopSignal: 'SIGTERM',
      isReady: async (port) => (await connect({ port })).close().then(() => true),
    });
    const bus = await connectEventBus({ servers: `nats://127.0.0.1:${early.port}`, name: 'teste', logger });
    const declared = bus.ensureStream('TESTE', subjects).catch(String);
    expect([bus.connected, await declared]).toEqual([true, undefined]);
    await early.stop();
    const server = await startNats({ port: early.port });
    await eventually(() => bus.publish({ id: randomUUID(), subject, payload: '{}', headers: {} }));
    await bus.close();
    await server.stop();
  });

  it('goes on consuming after a restart without losing or repeating a message', async () => {
    const { dataDir, remove } = await temporaryFolder();
    let server = await startNats({ dataDir });
    const bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
    await bus.ensureStream('TESTE', subjects);
    const seen: string[] = [];
    const handle = async (message: Mixin) => void seen.push(message.name);
    bus.consume({
      stream: 'TESTE',
      durable: 'c',
      filter: 'google.protobuf.>',
      on: [on(MixinSchema, handle)],
    });
    const publish = (name: string) =>
      bus.publish({ id: name, subject, payload: JSON.stringify({ name }), headers: {} });
    await publish('before');
    await eventually(() => expect(seen).toEqual(['before']));
    await server.stop();
    await eventually(() => expect(bus.connected).toBe(false));
    server = await startNats({ dataDir, port: server.port });
    await eventually(() => publish('after'));
    await eventually(() => expect(seen).toEqual(['before', 'after']), { timeoutMs: 5_000 });
    await bus.close();
    await server.stop();
    await remove();
  });
});

async function temporaryFolder() {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const dataDir = await mkdtemp(`${tmpdir()}/plataforma-nats-`);
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

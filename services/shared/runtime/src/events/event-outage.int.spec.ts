import { randomUUID } from 'node:crypto';
import { type Method, MethodSchema, type Mixin, MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { CrashMarks } from './consumer/crash-marks.ts';
import type { ConsumeOptions, EventConsumer } from './consumer/event-consumer.ts';
import { connectEventBus, type EventBus } from './event-bus.ts';
import { type EventMeta, eventHeaders, on } from './event-message.ts';
import { HANDLER_MARKS } from './event-streams.ts';

const logger = pino({ level: 'silent' });
const STREAM = 'TESTE';
const away = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const lockTimeout = () => Object.assign(new Error('canceling statement'), { code: '55P03' });

describe('EventConsumer while a dependency is away', () => {
  let server: NatsServer;
  let bus: EventBus;
  let durable: string;
  const consumers: EventConsumer[] = [];

  beforeAll(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
  });

  beforeEach(async () => {
    durable = `c-${randomUUID()}`;
    await bus.ensureStream(STREAM, ['google.protobuf.>']);
  });

  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    const { streams } = await manage();
    for (const name of await streams.names().next()) await streams.delete(name);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  const manage = () => jetstreamManager(bus.connection(), { checkAPI: false });

  type Handle<T> = (message: T, meta: EventMeta) => Promise<void>;

  /** Unless told otherwise it holds a message for 40 ms, gives it back for 30 ms, and fails 50 ms apart. */
  function consume(mixin: Handle<Mixin>, options: Partial<ConsumeOptions> = {}, method?: Handle<Method>) {
    const consumer = bus.consume({
      stream: STREAM,
      durable,
      filter: 'google.protobuf.>',
      on: [on(MixinSchema, mixin), ...(method ? [on(MethodSchema, method)] : [])],
      backoffMs: [50, 50],
      holdMs: 40,
      giveBackMs: 30,
      ...options,
    });
    consumers.push(consumer);
    return consumer;
  }

  function publish(name: string, aggregate = name, assunto: string = MixinSchema.typeName) {
    const id = randomUUID();
    const agregado = { tipo: 'Teste', id: aggregate, versao: 1 };
    const headers = eventHeaders({ id, assunto, agregado, criadoEm: new Date(), cabecalhos: {} });
    return bus.publish({ id, subject: assunto, payload: JSON.stringify({ name }), headers });
  }

  async function deadLetterErrors(): Promise<string[]> {
    const { streams } = await manage();
    const { state } = await streams.info('DLQ');
    const errors = [];
    for (let seq = 1; seq <= state.last_seq; seq++) {
      const record = await streams.getMessage('DLQ', { seq });
      errors.push(record?.header.get('dlq-erro') ?? '');
    }
    return errors;
  }

  async function marks(): Promise<number> {
    return (await (await manage()).streams.info(HANDLER_MARKS.name)).state.messages;
  }

  const settled = () =>
    eventually(async () => {
      const info = await (await manage()).consumers.info(STREAM, durable);
      expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 0 });
    });

  /** Deliveries to a process that died of them, or was killed: no answer was ever seen. */
  async function deliverInVain(times: number): Promise<JsMsg | null> {
    const { consumers: durables } = await manage();
    await durables.add(STREAM, {
      durable_name: durable,
      ack_policy: 'explicit',
      filter_subject: 'google.protobuf.>',
    });
    const puller = await jetstream(bus.connection()).consumers.get(STREAM, durable);
    let message: JsMsg | null = null;
    for (let i = 0; i < times; i++) {
      message = await puller.next();
      message?.nak();
    }
    return message;
  }

  /** The messages of which the broker is told that they are worked on; what is on its way to a consumer is not there yet. */
  function heartbeats(): ReadonlySet<string> {
    const sequences = new Set<string>();
    bus.connection().subscribe(`$JS.ACK.${STREAM}.${durable}.>`, {
      callback: (_, message) => {
        if (message.string() === '+WPI') sequences.add(message.subject.split('.')[5] ?? '');
      },
    });
    return sequences;
  }

  it('gives a message back again and again without ever burying it', async () => {
    let entrega = 0;
    consume(async (_, meta) => {
      entrega = meta.entrega;
      if (entrega < 10) throw away();
    });
    await publish('x');
    await eventually(() => expect(entrega).toBe(10), { timeoutMs: 20_000 });
    await settled();
    expect(await deadLetterErrors()).toEqual([]);
    expect(await marks()).toBe(0);
  });

  it('buries nothing when it is stopped and started again and again meanwhile', async () => {
    let calls = 0;
    let gone = true;
    const handle = async () => {
      calls++;
      if (gone) throw away();
    };
    await publish('x');
    for (let restart = 1; restart <= 6; restart++) {
      const consumer = consume(handle, { holdMs: 60_000 });
      await eventually(() => expect(calls).toBeGreaterThanOrEqual(restart));
      await consumer.stop();
    }
    gone = false;
    consume(handle);
    await settled();
    expect(await deadLetterErrors()).toEqual([]);
  });

  it('gives back what is in hand without trying it when it is stopped meanwhile', async () => {
    let calls = 0;
    const consumer = consume(
      async () => {
        calls++;
        throw away();
      },
      { concurrency: 2, holdMs: 60_000, workingEveryMs: 5 },
    );
    const inHand = heartbeats();
    for (let i = 0; i < 20; i++) await publish(`m${i}`);
    await eventually(() => expect(inHand.size).toBe(20));
    await eventually(() => expect(calls).toBeGreaterThanOrEqual(2));
    const before = calls;
    await consumer.stop();
    expect(calls - before).toBeLessThanOrEqual(2);
    let handled = 0;
    consume(async () => void handled++);
    await eventually(() => expect(handled).toBe(20));
  });

  it('counts only what it has seen fail itself, however often the message was delivered before', async () => {
    await publish('x');
    await deliverInVain(4);
    const seen: number[] = [];
    consume(async (_, { entrega }) => {
      seen.push(entrega);
      throw new Error(`attempt ${seen.length}`);
    });
    await eventually(async () => expect(await deadLetterErrors()).toEqual(['Error: attempt 3']));
    expect(seen).toEqual([5, 6, 7]);
  });

  it('does not count the time away between failures of the handler itself', async () => {
    const errors = [new Error('1'), away(), away(), new Error('2'), away(), away(), new Error('3')];
    consume(
      async () => {
        throw errors.shift() ?? new Error('once too often');
      },
      { holdMs: 0 },
    );
    await publish('x');
    await eventually(async () => expect(await deadLetterErrors()).toEqual(['Error: 3']));
  });

  it('buries without calling the handler what took the process down five times in a row', async () => {
    await publish('x');
    const message = await deliverInVain(9);
    const earlier = new CrashMarks({ stream: STREAM, durable }, { bus, logger });
    for (let times = 0; times < 5; times++) await earlier.begin(message?.seq ?? 0);
    let calls = 0;
    consume(async () => void calls++);
    await eventually(async () =>
      expect(await deadLetterErrors()).toEqual(['PermanentError: 5 deliveries without a result']),
    );
    expect(calls).toBe(0);
  });

  it('marks a call of the handler of a suspect message until it has answered', async () => {
    await publish('x');
    await deliverInVain(4);
    const entered = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    consume(async () => {
      entered.resolve();
      await finish.promise;
    });
    await entered.promise;
    expect(await marks()).toBe(1);
    finish.resolve();
    await settled();
    await eventually(async () => expect(await marks()).toBe(0));
  });

  it('lets messages that do not need the dependency go on', async () => {
    const seen: string[] = [];
    consume(
      async () => {
        throw away();
      },
      { concurrency: 2 },
      async ({ name }) => void seen.push(name),
    );
    for (let i = 0; i < 6; i++) await publish(`waits ${i}`);
    await publish('goes on', 'other', MethodSchema.typeName);
    await eventually(() => expect(seen).toEqual(['goes on']));
  });

  it('leaves the messages to a replica that does reach the dependency', async () => {
    const seen = new Set<string>();
    const cutOff = consume(async () => {
      throw away();
    });
    const names = Array.from({ length: 30 }, (_, i) => `m${i}`);
    for (const name of names) await publish(name);
    const { consumers: durables } = await manage();
    await eventually(async () =>
      expect((await durables.info(STREAM, durable)).num_redelivered).toBeGreaterThan(0),
    );
    consume(async ({ name }) => void seen.add(name));
    await eventually(() => expect([...seen].sort()).toEqual([...names].sort()), { timeoutMs: 20_000 });
    await settled();
    await cutOff.stop();
  });

  it('keeps the order of an aggregate whose message was given back', async () => {
    const seen: string[] = [];
    consume(async ({ name }, { entrega }) => {
      if (name === 'a1' && entrega < 3) throw away();
      seen.push(name);
    });
    for (const name of ['a1', 'a2', 'a3']) await publish(name, 'a');
    await eventually(() => expect(seen).toEqual(['a1', 'a2', 'a3']));
  });

  it('counts a statement that times out again and again as a failure in the end', async () => {
    const deliveries: number[] = [];
    consume(
      async (_, { entrega }) => {
        deliveries.push(entrega);
        throw lockTimeout();
      },
      { timeoutsAwayMs: 300 },
    );
    await publish('x');
    await eventually(async () => expect(await deadLetterErrors()).toEqual(['Error: canceling statement']));
    expect(deliveries.length).toBeGreaterThan(3);
  });
});

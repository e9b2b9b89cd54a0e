import { randomUUID } from 'node:crypto';
import { MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { replayDeadLetters } from './dead-letter-replay.ts';
import { connectEventBus, type EventBus } from './event-bus.ts';
import { on, PermanentError } from './event-message.ts';

const logger = pino({ level: 'silent' });
const STREAM = 'TESTE';
const subjects = ['google.protobuf.>'];
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe('streams of the EventBus', () => {
  let server: NatsServer;
  let bus: EventBus;
  const registry = new Registry();

  beforeAll(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger, metrics: { registry } });
  });

  afterEach(async () => {
    const { streams } = await manage();
    for (const name of await streams.names().next()) await streams.delete(name);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  const manage = () => jetstreamManager(bus.connection(), { checkAPI: false });

  async function limit(): Promise<number> {
    return (await (await manage()).streams.info(STREAM)).config.max_bytes;
  }

  async function setByOperator(max_bytes: number): Promise<void> {
    await bus.ensureStream(STREAM, subjects);
    await (await manage()).streams.update(STREAM, { max_bytes });
  }

  describe('limit', () => {
    it('keeps a larger limit that an operator has set', async () => {
      await setByOperator(3 * GIB);
      await bus.ensureStream(STREAM, subjects, { leastBytes: 2 * GIB });
      expect(await limit()).toBe(3 * GIB);
      await setByOperator(-1);
      await bus.ensureStream(STREAM, subjects, { leastBytes: 2 * GIB });
      expect(await limit()).toBe(-1);
    });

    it('raises a limit that is too small', async () => {
      await setByOperator(GIB);
      await bus.ensureStream(STREAM, subjects, { leastBytes: 2 * GIB });
      expect(await limit()).toBe(2 * GIB);
    });

    it('is what was configured, also when that is less than the server has', async () => {
      await setByOperator(3 * GIB);
      await bus.ensureStream(STREAM, subjects, { maxBytes: 64 * MIB, leastBytes: 2 * GIB });
      expect(await limit()).toBe(64 * MIB);
    });

    it('stays as it is when the server has no room for more', async () => {
      await setByOperator(GIB);
      await bus.ensureStream(STREAM, subjects, { leastBytes: 1024 ** 5, maxAgeDays: 60 });
      const { config } = await (await manage()).streams.info(STREAM);
      expect(config).toMatchObject({ max_bytes: GIB, max_age: 60 * 86_400e9 });
    });
  });

  describe('age', () => {
    const age = async () => (await (await manage()).streams.info(STREAM)).config.max_age;
    const days = (count: number) => count * 86_400e9;

    it.each([days(90), 0])('keeps a longer one that an operator has set (%i)', async (max_age) => {
      await bus.ensureStream(STREAM, subjects);
      await (await manage()).streams.update(STREAM, { max_age });
      await bus.ensureStream(STREAM, subjects, { maxAgeDays: 30 });
      expect(await age()).toBe(max_age);
    });

    it('raises a shorter one', async () => {
      await bus.ensureStream(STREAM, subjects, { maxAgeDays: 2 });
      await bus.ensureStream(STREAM, subjects, { maxAgeDays: 30 });
      expect(await age()).toBe(days(30));
    });

    it('keeps a longer window for doubles, and what is not ours to say', async () => {
      await bus.ensureStream(STREAM, subjects);
      const set = { duplicate_window: 3_600e9, max_msg_size: 65_536, description: 'da operação' };
      await (await manage()).streams.update(STREAM, set);
      await bus.ensureStream(STREAM, subjects, { maxAgeDays: 31 });
      expect((await (await manage()).streams.info(STREAM)).config).toMatchObject(set);
    });
  });

  it('says that there is no room when the server cannot reserve what a new stream needs', async () => {
    const declared = bus.ensureStream(STREAM, subjects, { leastBytes: 1024 ** 5 });
    await expect(declared).rejects.toThrow('NATS has no room for the stream TESTE of 1073741824 MiB');
  });

  describe('metrics', () => {
    const metric = (name: string) => registry.getSingleMetricAsString(name);
    const publish = (payload: string) =>
      bus.publish({ id: randomUUID(), subject: MixinSchema.typeName, payload, headers: {} });

    it('say how full a stream is', async () => {
      await bus.ensureStream(STREAM, subjects, { maxBytes: 64 * MIB });
      await publish('{}');
      const { state } = await (await manage()).streams.info(STREAM);
      expect(await metric('eventos_stream_bytes')).toContain(
        `eventos_stream_bytes{stream="TESTE"} ${state.bytes}`,
      );
      expect(await metric('eventos_stream_limite_bytes')).toContain(
        `eventos_stream_limite_bytes{stream="TESTE"} ${64 * MIB}`,
      );
    });

    it('say how many dead letters of a consumer are there', async () => {
      await bus.ensureStream(STREAM, subjects);
      let broken = true;
      const handle = async () => {
        if (broken) throw new PermanentError('bug');
      };
      const on1 = [on(MixinSchema, handle)];
      bus.consume({ stream: STREAM, durable: 'teste-c', filter: 'google.protobuf.>', on: on1 });
      await publish('{}');
      const dead = (count: number) =>
        eventually(async () =>
          expect(await metric('eventos_dead_letters')).toContain(
            `eventos_dead_letters{consumidor="teste-c"} ${count}`,
          ),
        );
      await dead(1);
      broken = false;
      await replayDeadLetters(bus);
      await dead(0);
    });
  });
});

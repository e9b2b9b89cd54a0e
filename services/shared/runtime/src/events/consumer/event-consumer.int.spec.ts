import { randomUUID } from 'node:crypto';
import { MixinSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { connectEventBus, type EventBus } from '../event-bus.ts';
import { eventHeaders, on } from '../event-message.ts';

const STREAM = 'TESTE';
const DURABLE = 'teste';

describe('what a consumer has in hand', () => {
  let server: NatsServer;
  let bus: EventBus;

  beforeAll(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger: pino({ level: 'silent' }) });
    await bus.ensureStream(STREAM, ['google.protobuf.>']);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  function publish(name: string, aggregate: string) {
    const id = randomUUID();
    const agregado = { tipo: 'Teste', id: aggregate, versao: 1 };
    const assunto = MixinSchema.typeName;
    const headers = eventHeaders({ id, assunto, agregado, criadoEm: new Date(), cabecalhos: {} });
    return bus.publish({ id, subject: assunto, payload: JSON.stringify({ name }), headers });
  }

  /** How often the broker was told of each message, by its number in the stream, that it is worked on. */
  function heartbeats() {
    const beats: number[] = [];
    bus.connection().subscribe(`$JS.ACK.${STREAM}.${DURABLE}.>`, {
      callback: (_, message) => {
        const sequence = Number(message.subject.split('.')[5]);
        if (message.string() === '+WPI') beats[sequence] = (beats[sequence] ?? 0) + 1;
      },
    });
    return beats;
  }

  it('is kept from other replicas for as long as it runs, or waits for its turn', async () => {
    const beats = heartbeats();
    const way = Promise.withResolvers<void>();
    bus.consume({
      stream: STREAM,
      durable: DURABLE,
      filter: 'google.protobuf.>',
      on: [on(MixinSchema, () => way.promise)],
      workingEveryMs: 5,
    });
    await publish('a1', 'a');
    await publish('a2 waits for a1', 'a');
    await eventually(() => expect(Math.min(beats[1] ?? 0, beats[2] ?? 0)).toBeGreaterThan(1));
    way.resolve();
    const { consumers } = await jetstreamManager(bus.connection(), { checkAPI: false });
    await eventually(async () =>
      expect(await consumers.info(STREAM, DURABLE)).toMatchObject({ num_ack_pending: 0, num_pending: 0 }),
    );
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { connectEventBus, type EventBus } from '../event-bus.ts';
import { EventConsumer } from './event-consumer.ts';
import { EventProcessor } from './event-processor.ts';

const OPTIONS = { stream: 'TESTE', durable: 'eco', filter: 'teste.>', on: [] };

const logger = pino({ level: 'silent' });

describe('a consumer', () => {
  let server: NatsServer;
  let bus: EventBus;
  let nc: NatsConnection;
  let consumer: EventConsumer | undefined;

  beforeEach(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
    nc = bus.connection();
    await bus.ensureStream('TESTE', ['teste.>']);
  });

  afterEach(async () => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    await consumer?.stop();
    consumer = undefined;
    await bus.close();
    await server.stop();
  });

  function start(options: { readonly concurrency?: number } = {}): EventConsumer {
    consumer = new EventConsumer(
      { ...OPTIONS, ...options },
      { bus, logger, metrics: { consumed: () => undefined } },
    );
    consumer.start();
    return consumer;
  }

  /** How many messages were asked for, and when. */
  function pulls() {
    const asked: { readonly batch: number; readonly at: number }[] = [];
    nc.subscribe('$JS.API.CONSUMER.MSG.NEXT.>', {
      callback: (_, message) =>
        void asked.push({ batch: message.json<{ batch: number }>().batch, at: performance.now() }),
    });
    return asked;
  }

  const turn = () => new Promise(setImmediate);

  async function pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }

  it.each([
    ['eight', {}, 8],
    ['as many as it handles at a time', { concurrency: 2 }, 2],
  ])('asks for %s, a second later, while it gives messages back', async (_, options, batch) => {
    jest.spyOn(EventProcessor.prototype, 'givesBack', 'get').mockReturnValue(true);
    const asked = pulls();
    const began = performance.now();
    start(options);
    await eventually(() => expect(asked).toHaveLength(1));
    expect(asked[0]?.batch).toBe(batch);
    expect((asked[0]?.at ?? 0) - began).toBeGreaterThanOrEqual(995);
  });

  it('asks again at once when the connection is back, whatever it had asked before', async () => {
    const asked = pulls();
    start();
    await eventually(() => expect(asked).toHaveLength(1));
    consumer?.reconnected();
    await eventually(() => expect(asked).toHaveLength(2));
    const [first, second] = asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(4_500);
  });

  it('takes no more than 64 messages in hand, and the next as soon as one of them is done', async () => {
    const way = Promise.withResolvers<void>();
    let inHand = 0;
    let handled = 0;
    jest.spyOn(EventProcessor.prototype, 'process').mockImplementation(async (message) => {
      inHand += 1;
      await way.promise;
      message.ack();
      handled += 1;
      return {};
    });
    for (let n = 0; n < 65; n += 1)
      await bus.publish({ id: randomUUID(), subject: 'teste.a', payload: '{}', headers: {} });
    const asked = pulls();
    start({ concurrency: 100 });
    await eventually(() => expect(inHand).toBe(64));
    // Time for another pull to be seen here, if there was one.
    for (let rounds = 0; rounds < 20; rounds += 1) await nc.flush();
    const meanwhile = asked.map(({ batch }) => batch);
    way.resolve();
    expect(meanwhile).toEqual([64]);
    await eventually(() => expect(handled).toBe(65));
  });

  describe('that cannot consume', () => {
    let tried: number[];

    /** The server answers nothing from now on. */
    function fall(): void {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      const began = Date.now();
      tried = [];
      jest.spyOn(nc, 'request').mockImplementation(async () => {
        tried.push((Date.now() - began) / 1_000);
        throw new Error('timeout');
      });
    }

    it('tries again after longer and longer pauses, at most five seconds', async () => {
      fall();
      const stopped = start();
      await pass(22_000);
      expect(tried).toEqual([0, 0.2, 0.6, 1.4, 3, 6.2, 11.2, 16.2, 21.2]);
      await stopped.stop();
      await pass(10_000);
      expect(tried).toHaveLength(9);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('tries at once when the connection is back', async () => {
      fall();
      start();
      await pass(4_000);
      expect(tried).toHaveLength(5);
      consumer?.reconnected();
      await pass(0);
      expect(tried).toEqual([0, 0.2, 0.6, 1.4, 3, 4]);
    });
  });

  it('handles what has no aggregate, each alone', async () => {
    let inHand = 0;
    const both = Promise.withResolvers<void>();
    jest.spyOn(EventProcessor.prototype, 'process').mockImplementation(async (message) => {
      inHand += 1;
      if (inHand === 2) both.resolve();
      await both.promise;
      message.ack();
      return {};
    });
    start();
    for (let n = 0; n < 2; n += 1)
      await bus.publish({ id: randomUUID(), subject: 'teste.a', payload: '{}', headers: {} });
    await both.promise;
    expect(inHand).toBe(2);
  });
});

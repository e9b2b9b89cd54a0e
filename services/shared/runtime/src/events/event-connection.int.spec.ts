import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { CrashMarks } from './consumer/crash-marks.ts';
import { deadLettersFrom } from './dead-letter-box.ts';
import { connectEventBus, type EventBus, EventBusUnavailableError } from './event-bus.ts';

const logger = pino({ level: 'silent' });
const TIMERS = { doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] as const };
const SECOND_MS = 1_000;

const event = () => ({ id: randomUUID(), subject: 'teste.a', payload: '{}', headers: {} });

describe('the connection to NATS', () => {
  let server: NatsServer;
  let bus: EventBus;
  let nc: NatsConnection;

  beforeEach(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger });
    nc = bus.connection();
  });

  afterEach(async () => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    await bus.close();
    await server.stop();
  });

  /** Lets time go by while the real server answers nothing any more. */
  async function pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  const fakeTimers = () => jest.useFakeTimers({ ...TIMERS, doNotFake: [...TIMERS.doNotFake] });

  it('is tried for ever, and a dead one is noticed', () => {
    expect((nc as unknown as { options: unknown }).options).toMatchObject({
      name: 'teste',
      servers: [server.url],
      timeout: 5_000,
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: 10_000,
      maxPingOut: 2,
      noAsyncTraces: true,
    });
  });

  it('has every answer within five seconds', async () => {
    const requested = jest.spyOn(nc, 'request');
    await bus.ensureStream('TESTE', ['teste.>', 'em-curso.>']);
    await bus.publish(event());
    const marks = new CrashMarks({ stream: 'TESTE', durable: 'eco' }, { bus, logger });
    await marks.begin(1).catch(() => undefined);
    for await (const _ of deadLettersFrom(bus, {})) break;
    const timeouts = requested.mock.calls.map(([subject, , options]) => [subject, options?.timeout]);
    expect(timeouts.length).toBeGreaterThanOrEqual(5);
    expect(timeouts.filter(([, timeout]) => timeout !== 5_000)).toEqual([]);
  });

  it('asks for as many events as there is room for, five seconds long', async () => {
    const pulls: unknown[] = [];
    nc.subscribe('$JS.API.CONSUMER.MSG.NEXT.>', {
      callback: (_, message) => void pulls.push(message.json()),
    });
    const requested = jest.spyOn(nc, 'request');
    const beats = jest.spyOn(globalThis, 'setInterval');
    await bus.ensureStream('TESTE', ['teste.>']);
    const consumer = bus.consume({ stream: 'TESTE', durable: 'eco', filter: 'teste.>', on: [] });
    await eventually(() => expect(pulls).toHaveLength(1));
    expect(pulls).toEqual([expect.objectContaining({ batch: 64, expires: 5_000_000_000 })]);
    expect(beats.mock.calls.map(([, ms]) => ms)).toContain(10_000);
    const timeouts = requested.mock.calls.map(([, , options]) => options?.timeout);
    expect(new Set(timeouts)).toEqual(new Set([5_000]));
    await consumer.stop();
  });

  it('is closed after five seconds when it cannot be drained', async () => {
    jest.spyOn(nc, 'drain').mockReturnValue(new Promise(() => undefined));
    const closed = jest.spyOn(nc, 'close');
    fakeTimers();
    const over = bus.close();
    await pass(4_999);
    expect(closed).not.toHaveBeenCalled();
    await pass(1);
    expect(closed).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
    await over;
    expect(bus.connected).toBe(false);
  });

  it('declares its streams again after longer and longer pauses while the server answers nothing', async () => {
    fakeTimers();
    const began = Date.now();
    const tried: number[] = [];
    const silence = jest.spyOn(nc, 'request').mockImplementation(async () => {
      tried.push((Date.now() - began) / SECOND_MS);
      throw new Error('timeout');
    });
    await bus.ensureStream('TESTE', ['teste.>']);
    await pass(40 * SECOND_MS);
    expect(tried).toEqual([0, 0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 25.75, 35.75]);
    silence.mockRestore();
    jest.useRealTimers();
  });

  it('gives the failure of a publication to who can do something about it', async () => {
    await expect(bus.publish(event())).rejects.not.toBeInstanceOf(EventBusUnavailableError);
    jest.spyOn(nc, 'request').mockRejectedValue(new Error('refused'));
    await bus.ensureStream('TESTE', ['teste.>']);
    await expect(bus.publish(event())).rejects.toThrow('refused');
  });

  it('says that it is lost when it breaks under a publication', async () => {
    await bus.ensureStream('TESTE', ['teste.>']);
    jest.spyOn(nc, 'request').mockImplementation(async () => {
      await server.stop();
      await eventually(() => expect(bus.connected).toBe(false));
      throw new Error('closed');
    });
    await expect(bus.publish(event())).rejects.toBeInstanceOf(EventBusUnavailableError);
  });
});

it('waits three seconds for a server that says nothing, then starts without it', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  jest.useFakeTimers({ ...TIMERS, doNotFake: [...TIMERS.doNotFake] });
  let bus: EventBus | undefined;
  const starting = connectEventBus({ servers: `nats://127.0.0.1:${port}`, name: 'teste', logger }).then(
    (it) => {
      bus = it;
    },
  );
  await jest.advanceTimersByTimeAsync(2_999);
  expect(bus).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1);
  await starting;
  expect(bus?.connected).toBe(false);
  const over = bus?.close();
  for (const socket of sockets) socket.destroy();
  await jest.advanceTimersByTimeAsync(10_000);
  jest.useRealTimers();
  await over;
  await new Promise((resolve) => silent.close(resolve));
});

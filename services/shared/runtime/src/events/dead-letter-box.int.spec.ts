import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import { deadLettersFrom, dropDeadLetter, factsOf, readDeadLetter } from './dead-letter-box.ts';
import { replayDeadLetters } from './dead-letter-replay.ts';
import { connectEventBus, type EventBus } from './event-bus.ts';
import { DEAD_LETTERS } from './event-streams.ts';

describe('the box of dead letters', () => {
  let server: NatsServer;
  let bus: EventBus;

  beforeAll(async () => {
    server = await startNats();
    bus = await connectEventBus({ servers: server.url, name: 'teste', logger: pino({ level: 'silent' }) });
  });

  beforeEach(() => bus.ensureStream(DEAD_LETTERS.name, DEAD_LETTERS.subjects));

  afterEach(async () => {
    jest.restoreAllMocks();
    const { streams } = await manage();
    for (const name of await streams.names().next()) await streams.delete(name);
  });

  afterAll(async () => {
    await bus.close();
    await server.stop();
  });

  const manage = () => jetstreamManager(bus.connection(), { checkAPI: false });

  const bury = (consumer: string, headers: Record<string, string> = {}) =>
    bus.publish({
      ...{ id: randomUUID(), subject: `dlq.${consumer}.eco.a`, payload: consumer },
      headers: { 'dlq-assunto': 'eco.a', ...headers },
    });

  async function found(filter: Parameters<typeof deadLettersFrom>[1] = {}): Promise<number[]> {
    const sequences: number[] = [];
    for await (const { sequence } of deadLettersFrom(bus, filter)) sequences.push(sequence);
    return sequences;
  }

  async function buried(...consumers: string[]): Promise<void> {
    for (const consumer of consumers) await bury(consumer);
  }

  it('shows all that are there, oldest first', async () => {
    await buried('a', 'b', 'a');
    expect(await found()).toEqual([1, 2, 3]);
    expect(await found({ from: 2 })).toEqual([2, 3]);
    expect(await found({ from: 3 })).toEqual([3]);
    expect(await found({ from: 4 })).toEqual([]);
  });

  it('shows those of one consumer, and of none whose name begins alike', async () => {
    await buried('a', 'b', 'a', 'aa');
    expect(await found({ durable: 'a' })).toEqual([1, 3]);
    expect(await found({ durable: 'a', from: 2 })).toEqual([3]);
    expect(await found({ durable: 'c' })).toEqual([]);
  });

  it('leaves out what is written meanwhile', async () => {
    await buried('a', 'b');
    const seen: number[] = [];
    for await (const { sequence } of deadLettersFrom(bus, { durable: 'a' })) {
      seen.push(sequence);
      await bury('a');
    }
    expect(seen).toEqual([1]);
  });

  it('has none where their stream was never declared', async () => {
    await (await manage()).streams.delete(DEAD_LETTERS.name);
    expect(await found()).toEqual([]);
    expect(await readDeadLetter(bus, 1)).toBeUndefined();
    expect(await dropDeadLetter(bus, 1)).toBe(false);
  });

  it('reads one by its number, and no other in its place', async () => {
    await buried('a', 'b', 'c');
    expect(await dropDeadLetter(bus, 2)).toBe(true);
    expect(await readDeadLetter(bus, 2)).toBeUndefined();
    expect(await dropDeadLetter(bus, 2)).toBe(false);
    expect(await readDeadLetter(bus, 3)).toMatchObject({ payload: new TextEncoder().encode('c') });
    expect(await found()).toEqual([1, 3]);
  });

  it('fails when the server cannot tell', async () => {
    await buried('a');
    const { streams } = await manage();
    jest.spyOn(Object.getPrototypeOf(streams), 'getMessage').mockRejectedValue(new Error('timeout'));
    await expect(found()).rejects.toThrow('timeout');
  });

  it('tells what became of an event', async () => {
    const told = {
      'dlq-consumidor': 'a',
      'dlq-erro': 'Error: no',
      'dlq-entregas': '4',
      'dlq-em': '2026-03-01T12:00:00Z',
      'agregado-tipo': 'Teste',
      'agregado-id': 'res_1',
      'agregado-versao': '3',
      'ce-id': 'e1',
    };
    await bury('a', told);
    const record = await readDeadLetter(bus, 1);
    expect(record && factsOf(record)).toEqual({
      ...{ sequence: 1, consumer: 'a', subject: 'eco.a', error: 'Error: no', deliveries: 4 },
      ...{ at: '2026-03-01T12:00:00Z', aggregate: 'Teste res_1 3', eventId: 'e1' },
    });
  });

  it('says nothing of what was never written', () => {
    expect(factsOf({ sequence: 7, headers: undefined, payload: Buffer.alloc(0) })).toEqual({
      ...{
        sequence: 7,
        consumer: '',
        subject: '',
        error: '',
        deliveries: 0,
        at: '',
        aggregate: '',
        eventId: '',
      },
    });
  });

  describe('sent again', () => {
    beforeEach(() => bus.ensureStream('ECO', ['eco.>']));

    it('is removed, oldest first, as many as are wanted', async () => {
      await buried('a', 'b', 'a', 'a');
      expect(await replayDeadLetters(bus, { durable: 'a', limit: 2 })).toBe(2);
      expect(await found()).toEqual([2, 4]);
      expect(await replayDeadLetters(bus)).toBe(2);
      expect(await found()).toEqual([]);
      expect((await (await manage()).streams.info('ECO')).state.messages).toBe(4);
    });

    it('is one alone where its number is named', async () => {
      await buried('a', 'b', 'c');
      expect(await replayDeadLetters(bus, { sequence: 2 })).toBe(1);
      expect(await replayDeadLetters(bus, { sequence: 2 })).toBe(0);
      expect(await found()).toEqual([1, 3]);
    });

    it('is nothing where nothing is wanted', async () => {
      await buried('a');
      expect(await replayDeadLetters(bus, { limit: 0 })).toBe(0);
      expect(await found()).toEqual([1]);
    });

    it('stays where it is when it cannot be sent', async () => {
      await buried('a');
      jest.spyOn(bus, 'publish').mockRejectedValue(new Error('away'));
      await expect(replayDeadLetters(bus)).rejects.toThrow('away');
      expect(await found()).toEqual([1]);
    });
  });
});

import { MethodSchema, MixinSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { pino } from 'pino';
import { delay } from '../../deadlines/wait.ts';
import { assertStillWanted } from '../../deadlines/work-signal.ts';
import type { EventBus } from '../event-bus.ts';
import { type EventMeta, type OutgoingMessage, on, PermanentError } from '../event-message.ts';
import { noEventMetrics } from '../event-metrics.ts';
import { CrashMarks } from './crash-marks.ts';
import { EventProcessor, type HandlingOptions } from './event-processor.ts';

const away = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
const lockTimeout = () => Object.assign(new Error('canceling statement'), { code: '55P03' });
const MINUTE_MS = 60_000;

/** What it does with a server is in the specs of the consumer; here is what takes more time than a spec can wait. */
describe('EventProcessor', () => {
  let handle: () => Promise<void>;
  /** When the handler was called, in milliseconds since the test began. */
  let calls: number[];
  let publish: (message: OutgoingMessage) => Promise<void>;
  let marks: { begin: () => Promise<number>; answered: () => Promise<void> };
  let marked: string[];
  let stopping: AbortController;
  let processor: EventProcessor;
  let began: number;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    began = Date.now();
    calls = [];
    marked = [];
    handle = async () => undefined;
    publish = async () => undefined;
    marks = {
      begin: async () => marked.push('begin') - 1,
      answered: async () => void marked.push('answered'),
    };
    stopping = new AbortController();
    create();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function create(options: Partial<HandlingOptions> = {}): void {
    const counted = async () => {
      calls.push(Date.now() - began);
      await handle();
    };
    const logger = pino({ level: 'silent' });
    const crashMarks = new CrashMarks({ stream: 'TESTE', durable: 'teste' }, { bus: {} as EventBus, logger });
    jest.spyOn(crashMarks, 'begin').mockImplementation(() => marks.begin());
    jest.spyOn(crashMarks, 'answered').mockImplementation(() => marks.answered());
    const subscriptions = [on(MixinSchema, counted), on(MethodSchema, async () => undefined)];
    processor = new EventProcessor(
      { durable: 'teste', on: subscriptions, ...options },
      {
        bus: { publish: (message) => publish(message) },
        marks: crashMarks,
        logger,
        metrics: noEventMetrics,
        stopping: stopping.signal,
      },
    );
  }

  /** A delivery, and what the server has been answered to it so far. */
  function deliver({ seq = 1, entrega = 1, subject = MixinSchema.typeName as string, ack = () => {} } = {}) {
    const answers: string[] = [];
    const message = {
      seq,
      data: Buffer.from('{}'),
      headers: undefined,
      string: () => '{}',
      ack() {
        ack();
        answers.push('ack');
      },
      nak: (ms: number) => void answers.push(`again in ${ms}`),
      term: () => void answers.push('term'),
    } as unknown as JsMsg;
    const agregado = { tipo: 'Teste', id: 'a', versao: 1 };
    const meta: EventMeta = { id: `e${seq}`, subject, agregado, ocorridoEm: new Date(), entrega };
    return { answers, done: processor.process(message, meta) };
  }

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  /** What a delivery is answered without any time passing. */
  async function answered(...delivery: Parameters<typeof deliver>): Promise<string[]> {
    const { answers, done } = deliver(...delivery);
    await pass(0);
    const { retryInMs } = await done;
    // Later events of the aggregate wait for as long as the server does.
    if (retryInMs !== undefined) expect(answers).toEqual([`again in ${retryInMs}`]);
    else expect(answers[0]).toMatch(/^(ack|term)$/);
    return answers;
  }

  const fail = (error: () => Error) => {
    handle = async () => {
      throw error();
    };
  };

  it('lets a handler work for two minutes, and store nothing afterwards', async () => {
    handle = async () => {
      await delay(2 * MINUTE_MS - 1);
      assertStillWanted();
      await delay(2);
      assertStillWanted();
    };
    const { answers } = deliver();
    await pass(2 * MINUTE_MS);
    expect(answers).toEqual([]);
    await pass(1);
    expect(answers).toEqual(['again in 1000']);
  });

  it('waits half a minute for the end of a handler whose time is over', async () => {
    handle = () => new Promise(() => undefined);
    const { answers } = deliver();
    await pass(2.5 * MINUTE_MS - 1);
    expect(answers).toEqual([]);
    await pass(1);
    expect(answers).toEqual(['again in 1000']);
  });

  it('asks again after one, two and four seconds, then gives up, and counts anew once that is settled', async () => {
    fail(() => new Error('failed'));
    const round = ['again in 1000', 'again in 2000', 'again in 4000', 'term'];
    for (const answer of [...round, ...round]) expect(await answered()).toEqual([answer]);
    fail(() => new Error('failed'));
    await answered();
    handle = async () => undefined;
    expect(await answered()).toEqual(['ack']);
    fail(() => new Error('failed'));
    expect(await answered()).toEqual(['again in 1000']);
  });

  it('tries for a minute, with growing pauses, while a dependency is away, then gives back for 15 seconds', async () => {
    fail(away);
    const { answers } = deliver();
    await pass(45_499);
    expect(answers).toEqual([]);
    await pass(1);
    expect(calls).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 30_500, 45_500]);
    expect(answers).toEqual(['again in 15000']);
  });

  it('gives back as soon when the clock is set back meanwhile', async () => {
    fail(away);
    const { answers } = deliver();
    await pass(0);
    jest.setSystemTime(Date.now() - 60 * MINUTE_MS);
    await pass(MINUTE_MS);
    expect(answers).toEqual(['again in 15000']);
  });

  it('gives back at once in an outage that is long by now, until something of the type is handled', async () => {
    fail(away);
    deliver();
    await pass(59_999);
    expect(processor.givesBack).toBe(false);
    await pass(1);
    expect(await answered({ seq: 2 })).toEqual(['again in 15000']);
    expect(processor.givesBack).toBe(true);
    expect(await answered({ seq: 3, subject: MethodSchema.typeName })).toEqual(['ack']);
    expect(processor.givesBack).toBe(true);
    handle = async () => undefined;
    expect(await answered({ seq: 2 })).toEqual(['ack']);
    expect(processor.givesBack).toBe(false);
    fail(away);
    expect(deliver({ seq: 4 }).answers).toEqual([]);
  });

  it('waits for nothing any longer when it is stopped, and tries what nothing is known to be away for', async () => {
    fail(away);
    const { answers } = deliver();
    await pass(400);
    stopping.abort();
    await pass(0);
    expect([answers, calls]).toEqual([['again in 15000'], [0]]);
    expect(await answered({ seq: 2 })).toEqual(['again in 15000']);
    expect(calls).toEqual([0]);
    expect(await answered({ seq: 3, subject: MethodSchema.typeName })).toEqual(['ack']);
  });

  it('takes statements that time out for an outage during a quarter of an hour without anything else', async () => {
    create({ holdMs: 0 });
    fail(lockTimeout);
    expect(await answered()).toEqual(['again in 15000']);
    await pass(14 * MINUTE_MS);
    fail(away);
    expect(await answered()).toEqual(['again in 15000']);
    fail(lockTimeout);
    await pass(2 * MINUTE_MS);
    expect(await answered()).toEqual(['again in 15000']);
    await pass(15 * MINUTE_MS - 1);
    expect(await answered()).toEqual(['again in 15000']);
    await pass(1);
    expect(await answered()).toEqual(['again in 1000']);
  });

  it.each<[Code, string[]]>([
    [Code.Unavailable, []],
    [Code.NotFound, ['again in 1000']],
    [Code.DeadlineExceeded, ['again in 1000']],
  ])(
    'holds on to a message when another service answers UNAVAILABLE alone: code %i',
    async (code, answers) => {
      fail(() => new ConnectError('x', code));
      const delivery = deliver();
      await pass(0);
      expect(delivery.answers).toEqual(answers);
    },
  );

  it('writes a dead letter that could not be written ten seconds later, without calling the handler again', async () => {
    fail(() => new PermanentError('never'));
    publish = async () => {
      throw new Error('no room');
    };
    expect(await answered()).toEqual(['again in 10000']);
    const written: string[] = [];
    publish = async ({ headers }) => void written.push(headers['dlq-erro'] ?? '');
    expect(await answered()).toEqual(['term']);
    expect([written, calls.length]).toEqual([['PermanentError: never'], 1]);
  });

  it('suspects a message from its fifth delivery on, and calls for it after four calls without an answer', async () => {
    expect(await answered({ entrega: 4 })).toEqual(['ack']);
    expect(marked).toEqual([]);
    expect(await answered({ entrega: 5 })).toEqual(['ack']);
    expect(marked).toEqual(['begin', 'answered']);
    marks.begin = async () => 4;
    expect(await answered({ entrega: 5 })).toEqual(['ack']);
    marks.begin = async () => 5;
    expect(await answered({ entrega: 5 })).toEqual(['term']);
    expect(calls).toHaveLength(3);
  });

  it('handles a suspect message also where no mark can be left or taken away', async () => {
    const noBroker = () => Promise.reject(new Error('no broker'));
    marks = { begin: noBroker, answered: noBroker };
    expect(await answered({ entrega: 5 })).toEqual(['ack']);
    expect(calls).toHaveLength(1);
  });

  it('goes on when an answer cannot be sent', async () => {
    const ack = () => {
      throw new Error('connection closed');
    };
    await expect(deliver({ ack }).done).resolves.toEqual({});
  });
});

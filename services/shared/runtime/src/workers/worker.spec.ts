import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ProviderAwayError, type Work } from '@plataforma/domain/work-queue';
import { eventually } from '@plataforma/testing/eventually';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Worker, type WorkerOptions } from './worker.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

/** So long that only a wake-up explains what happens within a test. */
const NEVER_MS = 3_600_000;

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Worker', () => {
  let worker: Worker;

  afterEach(async () => {
    await worker.stop();
    jest.useRealTimers();
  });

  /** A worker that looks only when it is told to, its log and its metrics. */
  function working(work: Work, options: Partial<WorkerOptions> = {}) {
    const log: string[] = [];
    const registry = new Registry();
    const stream = { write: (line: string) => void log.push(JSON.parse(line).msg) };
    worker = new Worker({
      ...{ name: 'w', work, intervalMs: NEVER_MS, random: () => 0 },
      logger: pino({ level: 'info' }, stream),
      metrics: createWorkerMetrics(registry),
      ...options,
    });
    return { log, registry };
  }

  /** Looks that end as given, then find nothing. */
  function looks(outcomes: Array<number | Error>, options: Partial<WorkerOptions> = {}) {
    const seen = { looks: 0 };
    const { log, registry } = working(async () => {
      seen.looks++;
      const outcome = outcomes.shift() ?? 0;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    }, options);
    return Object.assign(seen, { log, registry });
  }

  it('works until nothing is due, and again when it is woken', async () => {
    const items = [1, 2, 3];
    working(async () => (items.pop() === undefined ? 0 : 1));
    await worker.start();
    await eventually(() => expect(items).toEqual([]));
    items.push(4);
    await settled();
    worker.wake();
    await eventually(() => expect(items).toEqual([]));
  });

  it('looks once for each wake-up', async () => {
    const seen = looks([0, 1, 1, 1, 1]);
    await worker.start();
    for (let i = 0; i < 3; i++) worker.wake();
    await eventually(() => expect(seen.looks).toBe(4));
    await settled();
    expect(seen.looks).toBe(4);
  });

  it('owes nothing for wake-ups that came before a look which found nothing', async () => {
    const first = Promise.withResolvers<number>();
    let times = 0;
    working(() => (++times === 1 ? first.promise : Promise.resolve(0)));
    await worker.start();
    for (let i = 0; i < 9; i++) worker.wake();
    first.resolve(1);
    await eventually(() => expect(times).toBe(2));
    await settled();
    expect(times).toBe(2);
  });

  it('sees a wake-up that comes while it looks', async () => {
    let times = 0;
    working(async () => {
      if (++times === 1) worker.wake();
      return 0;
    });
    await worker.start();
    await eventually(() => expect(times).toBe(2));
  });

  it('goes on after a full batch, and rests after one that took all there was', async () => {
    const seen = looks([5, 5, 4], { batch: 5 });
    await worker.start();
    await eventually(() => expect(seen.looks).toBe(3));
    await settled();
    expect(seen.looks).toBe(3);
  });

  it('looks at each interval for what it was not told of, however often it is woken meanwhile', async () => {
    jest.useFakeTimers();
    let due = 40;
    working(async () => (due > 0 ? due-- && 1 : 0), { intervalMs: 1_000 });
    await worker.start();
    await jest.advanceTimersByTimeAsync(0);
    // What an hour without its provider has left, and a busy time behind it.
    due = 40;
    for (let n = 0; n < 12; n++) {
      due += 1;
      worker.wake();
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(due).toBe(0);
  });

  it('looks by itself at each interval', async () => {
    const seen = looks([], { intervalMs: 1 });
    await worker.start();
    await eventually(() => expect(seen.looks).toBeGreaterThan(3));
  });

  it('spreads the looks of several replicas, and is never late', async () => {
    jest.useFakeTimers();
    const seen = looks([], { intervalMs: 1_000, random: () => 1 });
    await worker.start();
    await jest.advanceTimersByTimeAsync(899);
    expect(seen.looks).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen.looks).toBe(2);
  });

  it('gives what is offered to a lane that rests, and none when all are at work', async () => {
    const seen = looks([]);
    expect(worker.offer(async () => 'too early')).toBeUndefined();
    await worker.start();
    await eventually(() => expect(seen.looks).toBe(1));
    await settled();
    const slow = Promise.withResolvers<string>();
    const first = worker.offer(() => slow.promise);
    expect(worker.offer(async () => 'second')).toBeUndefined();
    worker.wake();
    slow.resolve('first');
    expect(await first).toBe('first');
    await eventually(() => expect(seen.looks).toBe(2));
    await settled();
    await expect(worker.offer(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await settled();
    expect(await worker.offer(async () => 'goes on')).toBe('goes on');
    await worker.stop();
    expect(seen.looks).toBe(2);
    expect(worker.offer(async () => 'too late')).toBeUndefined();
  });

  it('looks into the queue at each interval, however much is offered meanwhile', async () => {
    jest.useFakeTimers();
    let offered = 0;
    const seen = looks([], { intervalMs: 20 });
    await worker.start();
    // Never a lull as long as the interval.
    for (let passed = 0; passed < 300; passed += 15) {
      await jest.advanceTimersByTimeAsync(15);
      await worker.offer(async () => void offered++);
    }
    await worker.stop();
    expect({ looks: seen.looks, offered }).toEqual({ looks: 16, offered: 20 });
  });

  it('lets one slow item hold up only its own lane, and finishes it before it stops', async () => {
    const slow = Promise.withResolvers<void>();
    const done: number[] = [];
    const items = [0, 1, 2];
    const work = async () => {
      const item = items.shift();
      if (item === undefined) return 0;
      if (item === 0) await slow.promise;
      done.push(item);
      return 1;
    };
    working(work, { lanes: 2 });
    await worker.start();
    await eventually(() => expect(done).toEqual([1, 2]));
    items.push(3);
    const stopped = worker.stop();
    slow.resolve();
    await stopped;
    expect([done, items]).toEqual([[1, 2, 0], [3]]);
  });

  it('says once that something is away, and once that it works again', async () => {
    jest.useFakeTimers();
    const seen = looks([new Error('no database'), new Error('no database'), 0]);
    await worker.start();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(seen).toMatchObject({ looks: 3, log: ['cannot work now, trying on', 'works again'] });
    const text = await seen.registry.metrics();
    expect(text).toContain('worker_falhas_total{worker="w"} 2');
    expect(text).toMatch(/worker_ultimo_sucesso_segundos\{worker="w"\} \d/);
  });

  it('pauses for ten seconds at most, however often it failed, and no shorter when it is woken', async () => {
    jest.useFakeTimers();
    const seen = looks(
      Array.from({ length: 8 }, () => new Error('no database')),
      { intervalMs: 1_000 },
    );
    await worker.start();
    const pauses = [];
    for (let n = 1; n < 8; n++) {
      const before = Date.now();
      worker.wake();
      while (seen.looks === n) await jest.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - before);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('counts from its start since when it has not worked, though it never has', async () => {
    jest.useFakeTimers({ now: 7_000_000 });
    const { registry } = looks([new Error('no database'), new Error('no database')]);
    await worker.start();
    await jest.advanceTimersByTimeAsync(1_500);
    const text = await registry.getSingleMetricAsString('worker_ultimo_sucesso_segundos');
    expect(text.split('\n')).toContain('worker_ultimo_sucesso_segundos{worker="w"} 7000');
  });

  it('takes what fails in all lanes at once for one trouble', async () => {
    jest.useFakeTimers();
    const away = Array.from({ length: 8 }, () => new Error('no database'));
    const seen = looks(away, { lanes: 4 });
    await worker.start();
    await jest.advanceTimersByTimeAsync(999);
    expect(seen.looks).toBe(4);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen.looks).toBe(8);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(seen.looks).toBe(8);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen).toMatchObject({ looks: 12, log: ['cannot work now, trying on', 'works again'] });
  });

  it('does not take an empty queue for a provider that is back', async () => {
    jest.useFakeTimers();
    const seen = looks([new ProviderAwayError('SMTP'), 0, 1], { intervalMs: 1_000 });
    await worker.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen).toMatchObject({ looks: 2, log: ['cannot work now, trying on'] });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen.log).toEqual(['cannot work now, trying on', 'works again']);
  });

  it('forgets after ten minutes a provider that no item has asked again', async () => {
    jest.useFakeTimers();
    const seen = looks([new ProviderAwayError('SMTP')], { intervalMs: 60_000 });
    await worker.start();
    await jest.advanceTimersByTimeAsync(9 * 60_000);
    expect(seen.log).toEqual(['cannot work now, trying on']);
    await jest.advanceTimersByTimeAsync(2 * 60_000);
    expect(seen.log).toEqual(['cannot work now, trying on', 'works again']);
  });

  it('turns without having been started, and takes an absent provider for work', async () => {
    looks([1, new ProviderAwayError('SMTP'), 0, new Error('no database')]);
    expect([await worker.turn(), await worker.turn(), await worker.turn()]).toEqual([true, true, false]);
    await expect(worker.turn()).rejects.toThrow('no database');
  });

  it('tells of an item when it begins to fail and when it is dead, and counts the others', async () => {
    let failures = 0;
    const { log, registry } = working(async (_, failed) => {
      failed({ item: 'a', failures: ++failures, error: new Error('broken') });
      return 1;
    });
    for (let n = 0; n < 12; n++) await worker.turn();
    expect(log).toEqual([
      'item failed and is put off, the others go on',
      'item is dead, somebody has to look why',
    ]);
    expect(await registry.metrics()).toContain('worker_falhas_total{worker="w"} 12');
  });
});

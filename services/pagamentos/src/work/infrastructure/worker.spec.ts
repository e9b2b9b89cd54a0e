import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { Worker } from './worker.ts';

const logger = createLogger({ service: 'teste', level: 'silent' });
/** So long that only a wake-up explains what happens within a test. */
const NEVER_MS = 3_600_000;

describe('Worker', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('works until the queue is empty, and again when it is woken', async () => {
    const fila = [1, 2, 3];
    const worker = new Worker({
      name: 'w',
      work: async () => fila.pop() !== undefined,
      intervalMs: NEVER_MS,
      lanes: 1,
      logger,
    });
    await worker.start();
    await eventually(() => expect(fila).toEqual([]));
    fila.push(4);
    worker.wake();
    await eventually(() => expect(fila).toEqual([]));
    await worker.stop();
  });

  it('does one piece for each wake-up', async () => {
    let olhadas = 0;
    const work = async () => ++olhadas > 1;
    const worker = new Worker({ name: 'w', work, intervalMs: NEVER_MS, lanes: 1, logger });
    await worker.start();
    for (let i = 0; i < 3; i++) worker.wake();
    await eventually(() => expect(olhadas).toBeGreaterThanOrEqual(4));
    await new Promise((resolve) => setImmediate(resolve));
    expect(olhadas).toBe(4);
    await worker.stop();
  });

  it('sees a wake-up that comes while it looks', async () => {
    let vezes = 0;
    const worker: Worker = new Worker({
      name: 'w',
      work: async () => {
        if (++vezes === 1) worker.wake();
        return false;
      },
      intervalMs: NEVER_MS,
      lanes: 1,
      logger,
    });
    await worker.start();
    await eventually(() => expect(vezes).toBe(2));
    await worker.stop();
  });

  it('goes on at the next interval when the work throws', async () => {
    let vezes = 0;
    const work = async () => {
      if (++vezes === 1) throw new Error('database is gone');
      return false;
    };
    const worker = new Worker({ name: 'w', work, intervalMs: 1, lanes: 1, logger });
    await worker.start();
    await eventually(() => expect(vezes).toBeGreaterThan(1));
    await worker.stop();
  });

  it('gives what is offered to a lane that rests, and none when all are at work', async () => {
    let olhadas = 0;
    const work = async () => ++olhadas < 0;
    const worker = new Worker({ name: 'w', work, intervalMs: NEVER_MS, lanes: 1, logger });
    expect(worker.offer(async () => 'too early')).toBeUndefined();
    await worker.start();
    await eventually(() => expect(olhadas).toBe(1));
    await new Promise((resolve) => setImmediate(resolve));
    const lenta = Promise.withResolvers<string>();
    const primeira = worker.offer(() => lenta.promise);
    expect(worker.offer(async () => 'second')).toBeUndefined();
    worker.wake();
    lenta.resolve('first');
    expect(await primeira).toBe('first');
    await eventually(() => expect(olhadas).toBe(2));
    await new Promise((resolve) => setImmediate(resolve));
    const falha = worker.offer(() => Promise.reject(new Error('no')));
    await expect(falha).rejects.toThrow('no');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await worker.offer(async () => 'goes on')).toBe('goes on');
    await worker.stop();
    expect(olhadas).toBe(2);
    expect(worker.offer(async () => 'too late')).toBeUndefined();
  });

  it('looks into the queue at each interval, however much is offered meanwhile', async () => {
    jest.useFakeTimers();
    let [olhadas, oferecidas] = [0, 0];
    const work = async () => ++olhadas < 0;
    const worker = new Worker({ name: 'w', work, intervalMs: 20, lanes: 1, logger });
    await worker.start();
    // Never a lull as long as the interval.
    for (let passados = 0; passados < 300; passados += 15) {
      await jest.advanceTimersByTimeAsync(15);
      await worker.offer(async () => void oferecidas++);
    }
    await worker.stop();
    expect({ olhadas, oferecidas }).toEqual({ olhadas: 16, oferecidas: 20 });
  });

  it('lets one slow piece of work hold up only its own lane', async () => {
    const lenta = Promise.withResolvers<void>();
    const feitas: number[] = [];
    const fila = [0, 1, 2];
    const work = async () => {
      const item = fila.shift();
      if (item === undefined) return false;
      if (item === 0) await lenta.promise;
      feitas.push(item);
      return true;
    };
    const worker = new Worker({ name: 'w', work, intervalMs: NEVER_MS, lanes: 2, logger });
    await worker.start();
    await eventually(() => expect(feitas).toEqual([1, 2]));
    const parado = worker.stop();
    lenta.resolve();
    await parado;
    expect(feitas).toEqual([1, 2, 0]);
  });
});

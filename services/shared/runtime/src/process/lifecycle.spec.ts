import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../telemetry/logger.ts';
import { Lifecycle, runMain } from './lifecycle.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('Lifecycle', () => {
  it('closes in the opposite order, once', async () => {
    const closed: string[] = [];
    const life = new Lifecycle(logger);
    for (const name of ['database', 'bus', 'server']) life.add(name, async () => closed.push(name));
    await Promise.all([life.shutdown(), life.shutdown()]);
    expect(closed).toEqual(['server', 'bus', 'database']);
  });

  it('goes on when a step fails or hangs', async () => {
    const closed: string[] = [];
    const life = new Lifecycle(logger, 20);
    life.add('database', async () => closed.push('database'));
    life.add('hanging', () => new Promise(() => {}));
    life.add('failing', () => Promise.reject(new Error('no')));
    await life.shutdown();
    expect(closed).toEqual(['database']);
  });

  it('closes at once what a start brings while it is closing, and lets nothing more be started', async () => {
    const closed: string[] = [];
    const life = new Lifecycle(logger);
    life.add('database', async () => closed.push('database'));
    expect(life.stopping).toBe(false);
    const over = life.shutdown();
    expect(() => life.add('bus', async () => closed.push('bus'))).toThrow('bus was started while');
    await over;
    expect(life.stopping).toBe(true);
    expect(() => life.add('server', async () => closed.push('server'))).toThrow('server was started while');
    await life.shutdown();
    expect(closed).toEqual(['database', 'bus', 'server']);
  });

  it('waits 15 s for a step, and for nothing that has ended', async () => {
    jest.useFakeTimers();
    const closed: string[] = [];
    const life = new Lifecycle(logger);
    life.add('database', async () => closed.push('database'));
    life.add('hanging', () => new Promise(() => {}));
    life.add('server', async () => closed.push('server'));
    const over = life.shutdown();
    await jest.advanceTimersByTimeAsync(14_999);
    expect(closed).toEqual(['server']);
    await jest.advanceTimersByTimeAsync(1);
    await over;
    expect(closed).toEqual(['server', 'database']);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});

describe('runMain', () => {
  const known = new Set(process.listeners('SIGTERM').concat(process.listeners('SIGINT')));

  afterEach(() => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      for (const listener of added(signal)) process.removeListener(signal, listener);
  });

  const added = (signal: NodeJS.Signals) =>
    process.listeners(signal).filter((listener) => !known.has(listener));

  it.each(['SIGTERM', 'SIGINT'] as const)('closes what it started at %s', async (signal) => {
    const closed = Promise.withResolvers<string>();
    await runMain({
      logger,
      start: async (life) => life.add('server', async () => closed.resolve('closed')),
    });
    expect(added(signal)).toHaveLength(1);
    added(signal)[0]?.(signal);
    expect(await closed.promise).toBe('closed');
  });

  it('takes a signal during the start for no failure, whatever the start says of what was taken away', async () => {
    const before = process.exitCode;
    const fatal = jest.spyOn(logger, 'fatal');
    const closed: string[] = [];
    await runMain({
      logger,
      async start(life) {
        life.add('database', async () => closed.push('database'));
        added('SIGTERM')[0]?.('SIGTERM');
        throw new Error('the connection was released');
      },
    });
    expect([process.exitCode, closed]).toEqual([before, ['database']]);
    expect(fatal).not.toHaveBeenCalled();
    fatal.mockRestore();
  });

  it('closes what it started when the start fails, and ends with 1', async () => {
    const before = process.exitCode;
    const closed: string[] = [];
    await runMain({
      logger,
      async start(life) {
        life.add('database', async () => closed.push('database'));
        throw new Error('no');
      },
    });
    const exitCode = process.exitCode;
    process.exitCode = before;
    expect(exitCode).toBe(1);
    expect(closed).toEqual(['database']);
  });
});

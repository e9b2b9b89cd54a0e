import { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { Health } from '../rpc/health.ts';
import type { RunningServer } from '../rpc/rpc.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { startHttpServer } from './http-server.ts';

describe('the HTTP listener', () => {
  let server: Server;
  let running: RunningServer;
  const health = new Health();

  beforeEach(() => {
    jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
      server = this;
      jest.spyOn(this, 'address').mockReturnValue({ port: Number(args[0]), address: '', family: '' });
      (args.at(-1) as () => void)();
      return this;
    } as never);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  async function start(options: { requestTimeoutMs?: number } = {}): Promise<void> {
    running = await startHttpServer({
      ...{ host: '127.0.0.1', port: 8_081, services: [], interceptors: [], health },
      ...{ metrics: createMetrics('teste'), logger: pino({ level: 'silent' }) },
      ...options,
    });
  }

  it('waits for nothing without an end', async () => {
    await start();
    expect(running.port).toBe(8_081);
    expect(server).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 2_000,
      timeout: 120_000,
    });
  });

  it('looks at its connections often enough for a shorter time', async () => {
    await start({ requestTimeoutMs: 500 });
    expect(server).toMatchObject({
      headersTimeout: 500,
      requestTimeout: 500,
      connectionsCheckingInterval: 500,
    });
  });

  it('waits ten seconds for requests in flight when it closes', async () => {
    await start();
    health.setServing(true);
    jest.useFakeTimers();
    const cut = jest.spyOn(server, 'closeAllConnections').mockReturnValue();
    const closed = Promise.withResolvers<void>();
    jest.spyOn(server, 'close').mockImplementation((done) => {
      void closed.promise.then(() => done?.());
      return server;
    });
    const over = running.close();
    expect(health.isServing()).toBe(false);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(cut).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(cut).toHaveBeenCalledTimes(1);
    closed.resolve();
    await over;
  });

  it('cuts nothing off once all has ended', async () => {
    await start();
    jest.useFakeTimers();
    jest.spyOn(server, 'close').mockImplementation((done) => {
      done?.();
      return server;
    });
    await running.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});

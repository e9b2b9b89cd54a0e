import { Client, Server } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { EcoService } from '../../test/eco-service.ts';
import { Health } from '../rpc/health.ts';
import type { RunningServer } from '../rpc/rpc.ts';
import { createGrpcClient } from './grpc-client.ts';
import { startGrpcServer } from './grpc-server.ts';

describe('the gRPC listener', () => {
  let server: Server;
  const servers: Server[] = [];
  let running: RunningServer;
  let bound: string;

  beforeEach(async () => {
    const bind = Server.prototype.bindAsync;
    jest.spyOn(Server.prototype, 'bindAsync').mockImplementation(function (this: Server, ...args) {
      server = this;
      servers.push(this);
      [bound] = args;
      return bind.apply(this, args);
    });
    running = await startGrpcServer({
      ...{ host: '127.0.0.1', port: 0, services: [], interceptors: [], health: new Health() },
      ...{ reflection: false, logger: pino({ level: 'silent' }) },
    });
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    for (const one of servers.splice(0)) one.forceShutdown();
  });

  it('notices connections that are dead, and ends those that are old', () => {
    expect(bound).toBe('127.0.0.1:0');
    expect((server as unknown as { options: unknown }).options).toEqual({
      'grpc.max_send_message_length': 4_194_304,
      'grpc.max_receive_message_length': 4_096,
      'grpc.max_concurrent_streams': 500,
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
      'grpc.max_connection_age_ms': 1_800_000,
      'grpc.max_connection_age_grace_ms': 60_000,
    });
  });

  it('waits ten seconds for calls in flight when it closes', async () => {
    jest.useFakeTimers();
    const cut = jest.spyOn(server, 'forceShutdown').mockReturnValue();
    const closed = Promise.withResolvers<void>();
    jest.spyOn(server, 'tryShutdown').mockImplementation((done) => void closed.promise.then(() => done()));
    const over = running.close();
    await jest.advanceTimersByTimeAsync(9_999);
    expect(cut).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(cut).toHaveBeenCalledTimes(1);
    closed.resolve();
    await over;
    cut.mockRestore();
  });

  it('cuts nothing off once all has ended', async () => {
    jest.useFakeTimers();
    const cut = jest.spyOn(server, 'forceShutdown');
    const shutdown = jest.spyOn(server, 'tryShutdown').mockImplementation((done) => done());
    await running.close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(cut).not.toHaveBeenCalled();
    shutdown.mockRestore();
  });

  it('listens on an address of the newer kind', async () => {
    const refused = startGrpcServer({
      ...{ host: 'fe80::1%nada', port: 1, services: [], interceptors: [], health: new Health() },
      ...{ reflection: false, logger: pino({ level: 'silent' }) },
    });
    await refused.catch(() => undefined);
    expect(bound).toBe('[fe80::1%nada]:1');
  });
});

describe('createGrpcClient', () => {
  interface Told {
    readonly internalChannel: { readonly options: Readonly<Record<string, unknown>> };
  }

  /** What grpc-js is told, by way of the only place that keeps it. */
  function optionsOf(options: Partial<Parameters<typeof createGrpcClient>[1]> = {}) {
    const close = jest.spyOn(Client.prototype, 'close');
    createGrpcClient(EcoService, { address: '127.0.0.1:1', timeoutMs: 1_000, ...options }).close();
    const channel = close.mock.contexts[0] as unknown as { getChannel(): Told };
    close.mockRestore();
    return channel.getChannel().internalChannel.options;
  }

  it('notices servers that have vanished, comes back within seconds, and bounds what it takes', () => {
    expect(optionsOf()).toMatchObject({
      'grpc.service_config_disable_resolution': 1,
      'grpc.max_receive_message_length': 4_194_304,
      'grpc.max_send_message_length': 1_048_576,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 5_000,
      'grpc.enable_http_proxy': 0,
    });
  });

  const configOf = (options = {}) => JSON.parse(String(optionsOf(options)['grpc.service_config']));

  it('tries a call three times, but not all of them when most fail', () => {
    expect(configOf()).toEqual({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: [
        {
          name: [{ service: 'teste.v1.EcoService' }],
          retryPolicy: {
            maxAttempts: 3,
            initialBackoff: '0.1s',
            maxBackoff: '1s',
            backoffMultiplier: 2,
            retryableStatusCodes: ['UNAVAILABLE'],
          },
        },
      ],
      retryThrottling: { maxTokens: 20, tokenRatio: 0.5 },
    });
  });

  it.each([
    [1, undefined],
    [2, 2],
  ])('allows %d attempts', (maxAttempts, expected) => {
    const { methodConfig } = configOf({ retry: { maxAttempts } });
    expect(methodConfig[0].retryPolicy?.maxAttempts).toBe(expected);
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Logger, pino } from 'pino';
import { closeRedis, createRedis, type RedisTarget } from './redis.ts';

describe('createRedis', () => {
  let redis: Redis;
  let told: string[];
  let logger: Logger;

  beforeEach(() => {
    told = [];
    logger = pino({ level: 'info' }, { write: (line) => void told.push(JSON.parse(line).msg) });
    // Nothing is connected to: what the client is told is all there is to see.
    jest.spyOn(Redis.prototype, 'connect').mockResolvedValue();
  });

  afterEach(() => {
    redis.disconnect();
    jest.restoreAllMocks();
  });

  function open(target: RedisTarget = 'redis://localhost', options = { logger }): Redis {
    redis = createRedis(target, options);
    return redis;
  }

  it('bounds every wait', () => {
    const { options } = open();
    expect(options).toMatchObject({
      host: 'localhost',
      connectTimeout: 5_000,
      commandTimeout: 2_000,
      maxRetriesPerRequest: 1,
    });
    expect([1, 2, 19, 20, 21, 1_000].map((attempt) => options.retryStrategy?.(attempt))).toEqual([
      ...[100, 200, 1_900, 2_000, 2_000, 2_000],
    ]);
  });

  it('connects again when the master has become a replica', () => {
    const { reconnectOnError } = open().options;
    expect(reconnectOnError?.(new Error('READONLY You cannot write'))).toBe(true);
    expect(reconnectOnError?.(new Error('NOAUTH'))).toBe(false);
  });

  it('asks Sentinel for the master', () => {
    const sentinels = [{ host: 'a', port: 26_379 }];
    const { options } = open({ sentinels, name: 'mestre', password: 'p', sentinelPassword: 's' });
    expect(options).toMatchObject({ sentinels, name: 'mestre', password: 'p', sentinelPassword: 's' });
    expect(options).toMatchObject({ connectTimeout: 5_000, commandTimeout: 2_000 });
    redis.disconnect();
    const plain = open({ sentinels, name: 'mestre' }).options;
    expect([plain.password ?? null, plain.sentinelPassword ?? null]).toEqual([null, null]);
  });

  it('keeps commands waiting for the first connection only', () => {
    expect(open().options.enableOfflineQueue).toBe(true);
    redis.emit('ready');
    expect(redis.options.enableOfflineQueue).toBe(false);
  });

  it('tells an outage once, and its end', () => {
    open().emit('ready');
    expect(told).toEqual([]);
    for (let times = 0; times < 2; times += 1) {
      redis.emit('error', new Error('away'));
      redis.emit('error', new Error('away'));
      redis.emit('ready');
    }
    const outage = ['Redis cannot be reached, trying on', 'connected to Redis again'];
    expect(told).toEqual([...outage, ...outage]);
  });

  it('goes through an outage without a logger', () => {
    redis = createRedis('redis://localhost');
    redis.emit('error', new Error('away'));
    redis.emit('ready');
    expect(redis.listenerCount('error')).toBe(1);
  });

  it('gives up for good when it is closed, whatever Redis answers', async () => {
    open();
    const gone = jest.spyOn(redis, 'disconnect');
    const quit = jest.spyOn(redis, 'quit').mockResolvedValue('OK');
    await closeRedis(redis);
    expect([quit.mock.calls.length, gone.mock.calls.length]).toEqual([1, 1]);
    quit.mockRejectedValue(new Error('away'));
    await expect(closeRedis(redis)).rejects.toThrow('away');
    expect(gone).toHaveBeenCalledTimes(2);
  });
});

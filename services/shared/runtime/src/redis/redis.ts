/*
 * Room `redis`: the connection (this file) and the public identities that are counted there (`redis-ids.ts`).
 *
 * Redis may be away, and may lose its data. A command fails at once while it is away; nothing is kept in it that cannot be
 * made again. So the counters of identities are checked against marks in the service's own database (`id-marks.ts`), before
 * the first one and after each reconnection; the unique key of the table is the last judge. A handler takes an identity
 * before its transaction: `withNewId` of `@plataforma/domain/id`.
 */

import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** One server by address, or the master of a Sentinel group. */
export type RedisTarget =
  | string
  | {
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      /** Name of the master group. */
      readonly name: string;
      readonly password?: string;
      readonly sentinelPassword?: string;
    };

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_WAIT_MS = 2_000;

/**
 * A Redis client that reconnects for ever and fails fast: a command waits for the very first connection only; later,
 * while Redis is away, it is rejected at once, and an unanswered one after two seconds. Call `quit()` to close.
 */
export function createRedis(target: RedisTarget, options: { readonly logger?: Logger } = {}): Redis {
  const settings = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, MAX_RECONNECT_WAIT_MS),
    // After a failover the old master answers READONLY: connect again, Sentinel names the new one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
  const redis =
    typeof target === 'string'
      ? new Redis(target, settings)
      : new Redis({ ...settings, ...sentinel(target) });
  redis.once('ready', () => {
    redis.options.enableOfflineQueue = false;
  });
  logOutages(redis, options.logger);
  return redis;
}

function sentinel(target: Exclude<RedisTarget, string>) {
  const { sentinels, name, password, sentinelPassword } = target;
  return {
    sentinels: [...sentinels],
    name,
    ...(password === undefined ? {} : { password }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  };
}

/** Once per outage, not once per attempt. Without an `error` listener the client writes to the console by itself. */
function logOutages(redis: Redis, logger: Logger | undefined): void {
  let down = false;
  redis.on('error', (error) => {
    if (!down) logger?.warn({ err: error }, 'Redis cannot be reached, trying on');
    down = true;
  });
  redis.on('ready', () => {
    if (down) logger?.info({}, 'connected to Redis again');
    down = false;
  });
}

/** Closes the client, in good order while Redis answers; otherwise it would go on trying to connect for ever. */
export async function closeRedis(redis: Redis): Promise<void> {
  try {
    await redis.quit();
  } finally {
    redis.disconnect();
  }
}

import { createSecretKey, type KeyObject } from 'node:crypto';
import { encodeId, type IdGenerator } from '@plataforma/domain/id';
import type { Redis } from 'ioredis';

/** No identity can be given out now: the counter cannot be reached. Nothing was created. */
export class IdsUnavailableError extends Error {
  override readonly name = 'IdsUnavailableError';
}

export interface RedisIdOptions {
  readonly redis: Redis;
  /** Secret of the permutation, at least 16 bytes; the same for ever. */
  readonly key: Buffer;
  /**
   * The highest counter known to the database for a prefix (0 if none). Asked before the first identity and again after
   * each reconnection: a Redis that lost its data, or a replica promoted behind its master, must not start over.
   */
  readonly floors?: (prefix: string) => Promise<bigint>;
}

const RAISE = `
  local current = tonumber(redis.call('GET', KEYS[1]) or '0')
  if current < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
  return 1`;

/**
 * Identities from a counter in Redis (`id:<prefix>`), made unguessable by a keyed permutation. Redis replicates
 * asynchronously, so a failover can repeat numbers in spite of the floor: the unique key of the table is the last judge,
 * and the caller takes the next identity when it is violated.
 */
export class RedisIdGenerator implements IdGenerator {
  readonly #options: RedisIdOptions;
  readonly #key: KeyObject;
  readonly #floors = new Map<string, Promise<void>>();

  constructor(options: RedisIdOptions) {
    this.#options = options;
    this.#key = createSecretKey(options.key);
    options.redis.on('close', () => this.#floors.clear());
  }

  /** Rejects with {@link IdsUnavailableError} when Redis or the source of the floor cannot be reached. */
  async next(prefix: string): Promise<string> {
    const { redis } = this.#options;
    let counter: number;
    try {
      await this.#ensureFloor(prefix);
      counter = await redis.incr(counterKey(prefix));
    } catch (cause) {
      throw new IdsUnavailableError('the id counter cannot be reached', { cause });
    }
    return encodeId(prefix, BigInt(counter), this.#key);
  }

  /** Lifts the counter to `floor` unless it is there already. Counters up to 2^42 are exact in Lua's numbers. */
  async raiseFloor(prefix: string, floor: bigint): Promise<void> {
    await this.#options.redis.eval(RAISE, 1, counterKey(prefix), floor.toString());
  }

  async #ensureFloor(prefix: string): Promise<void> {
    const { floors } = this.#options;
    if (!floors) return;
    const raised = this.#floors.get(prefix) ?? floors(prefix).then((floor) => this.raiseFloor(prefix, floor));
    this.#floors.set(prefix, raised);
    try {
      await raised;
    } catch (error) {
      if (this.#floors.get(prefix) === raised) this.#floors.delete(prefix);
      throw error;
    }
  }
}

function counterKey(prefix: string): string {
  return `id:${prefix}`;
}

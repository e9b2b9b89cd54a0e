import { createSecretKey, type KeyObject } from 'node:crypto';
import { encodeId, type IdGenerator } from '@plataforma/domain/id';
import type { Redis } from 'ioredis';

/** No identity can be given out now: the counter cannot be reached. Nothing was created. */
export class IdsUnavailableError extends Error {
  override readonly name = 'IdsUnavailableError';
}

/** What the database knows of the counters: a number that none of them is above. */
export interface IdMarks {
  /** Where a counter of which nothing is known has to start: nothing above it was given out. */
  floor(prefix: string): Promise<bigint>;
  /** Allows numbers up to `counter` and some more; answers up to where. */
  raise(prefix: string, counter: bigint): Promise<bigint>;
}

export interface RedisIdOptions {
  readonly redis: Redis;
  /** Secret of the permutation, at least 16 bytes. */
  readonly key: Buffer;
  /**
   * Asked before the first identity and again after each reconnection, because a Redis that lost its data, or a replica
   * promoted behind its master, must not start over; and told before numbers are given out that it does not allow yet.
   */
  readonly marks: IdMarks;
}

/** The mark is moved ahead of need, so that hardly ever an identity waits for the database. */
const AHEAD = 500n;

const RAISE = `
  local current = tonumber(redis.call('GET', KEYS[1]) or '0')
  if current < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
  return 1`;

/**
 * Identities from a counter in Redis (`id:<prefix>`), made unguessable by a keyed permutation. Redis replicates
 * asynchronously, so a failover can repeat numbers until the mark is asked for again: the unique key of the table is the
 * last judge, and the caller takes the next identity when it is violated.
 */
export class RedisIdGenerator implements IdGenerator {
  readonly #options: RedisIdOptions;
  readonly #key: KeyObject;
  readonly #floors = new Map<string, Promise<void>>();
  readonly #allowed = new Map<string, bigint>();
  readonly #raising = new Map<string, Promise<void>>();

  constructor(options: RedisIdOptions) {
    this.#options = options;
    this.#key = createSecretKey(options.key);
    options.redis.on('close', () => this.#floors.clear());
  }

  /** Rejects with {@link IdsUnavailableError} when Redis or the mark cannot be reached. */
  async next(prefix: string): Promise<string> {
    const { redis } = this.#options;
    let counter: bigint;
    try {
      await this.#ensureFloor(prefix);
      counter = BigInt(await redis.incr(counterKey(prefix)));
      await this.#ensureAllowed(prefix, counter);
    } catch (cause) {
      throw new IdsUnavailableError('the id counter cannot be reached', { cause });
    }
    return encodeId(prefix, counter, this.#key);
  }

  /** Lifts the counter to `floor` unless it is there already. Counters up to 2^42 are exact in Lua's numbers. */
  async raiseFloor(prefix: string, floor: bigint): Promise<void> {
    await this.#options.redis.eval(RAISE, 1, counterKey(prefix), floor.toString());
  }

  async #ensureFloor(prefix: string): Promise<void> {
    const { marks } = this.#options;
    const raised =
      this.#floors.get(prefix) ?? marks.floor(prefix).then((floor) => this.raiseFloor(prefix, floor));
    this.#floors.set(prefix, raised);
    try {
      await raised;
    } catch (error) {
      if (this.#floors.get(prefix) === raised) this.#floors.delete(prefix);
      throw error;
    }
  }

  async #ensureAllowed(prefix: string, counter: bigint): Promise<void> {
    const { marks } = this.#options;
    const allowed = () => this.#allowed.get(prefix) ?? 0n;
    // What is under way may have been asked for a smaller number.
    for (let asked = 0; counter > allowed(); asked++) {
      if (asked === 3) throw new Error(`the mark of ${prefix} does not reach ${counter}`);
      await this.#raise(marks, prefix, counter);
    }
    // Ahead of need; should it fail, the identity that needs it tries again and says so.
    if (counter + AHEAD > allowed()) void this.#raise(marks, prefix, counter + AHEAD).catch(() => {});
  }

  /** One question at a time, shared by all identities that wait for its answer. */
  #raise(marks: IdMarks, prefix: string, counter: bigint): Promise<void> {
    const under = this.#raising.get(prefix);
    if (under) return under;
    const raising = marks
      .raise(prefix, counter)
      .then((limit) => void this.#allowed.set(prefix, limit))
      .finally(() => this.#raising.delete(prefix));
    this.#raising.set(prefix, raising);
    return raising;
  }
}

function counterKey(prefix: string): string {
  return `id:${prefix}`;
}

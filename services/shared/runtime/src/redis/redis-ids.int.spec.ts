import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId } from '@plataforma/domain/id';
import { eventually } from '@plataforma/testing/eventually';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import { createRedis } from './redis.ts';
import { type IdMarks, IdsUnavailableError, RedisIdGenerator } from './redis-ids.ts';

const key = Buffer.from('0123456789abcdef');
const counters = (ids: string[]) => ids.map((id) => Number(decodeId('res', id, key))).sort((a, b) => a - b);

/** Marks in memory that allow ten numbers at a time. */
function marksAt(limit: () => bigint): IdMarks {
  return { floor: async () => limit(), raise: async (_prefix, counter) => counter + 10n };
}

/** The first answer after a loss of the connection; until then every call is refused. */
async function untilReachable(call: () => Promise<string>): Promise<string> {
  let answer = '';
  await eventually(async () => {
    answer = await call();
  });
  return answer;
}

describe('RedisIdGenerator', () => {
  let server: RedisServer;
  const clients: Redis[] = [];

  const client = (url = server.url) => {
    const redis = createRedis(url);
    clients.push(redis);
    return redis;
  };

  beforeAll(async () => {
    server = await startRedis();
  });

  afterEach(async () => {
    for (const redis of clients.splice(0)) redis.disconnect();
  });

  afterAll(() => server.stop());

  it('gives out distinct consecutive counters when two processes ask at once', async () => {
    const generators = [1, 2].map(
      () => new RedisIdGenerator({ redis: client(), key, marks: marksAt(() => 0n) }),
    );
    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, i) => generators[i % 2]?.next('res') ?? ''),
    );
    expect(ids[0]).toMatch(/^res_[0-9A-Za-z]{8}$/);
    expect(counters(ids)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('goes on above the known maximum when the counter was lost', async () => {
    const redis = client();
    const generator = new RedisIdGenerator({ redis, key, marks: marksAt(() => 5_000n) });
    await redis.flushall();
    const ids = await Promise.all(Array.from({ length: 10 }, () => generator.next('res')));
    expect(counters(ids)[0]).toBe(5_001);
    expect(new Set(ids).size).toBe(10);
  });

  it('asks for the floor again when the connection was lost', async () => {
    const redis = client();
    let known = 0n;
    const generator = new RedisIdGenerator({ redis, key, marks: marksAt(() => known) });
    await redis.flushall();
    await generator.next('res');
    known = 90n;
    await redis.flushall();
    redis.disconnect(true);
    // None is given out before the connection is there again; the first one says where the counter stands.
    const first = await untilReachable(() => generator.next('res'));
    expect(counters([first])).toEqual([91]);
  });

  it('asks for the floor again when the connection was lost while it asked', async () => {
    const redis = client();
    const asked: Array<(floor: bigint) => void> = [];
    const floor = () => new Promise<bigint>((resolve) => asked.push(resolve));
    const generator = new RedisIdGenerator({ redis, key, marks: { ...marksAt(() => 0n), floor } });
    await redis.flushall();
    const before = generator.next('res');
    redis.disconnect(true);
    await once(redis, 'ready');
    asked[0]?.(10n);
    await before;
    // What was answered before the loss says nothing of what has been lost with it.
    const after = generator.next('res');
    await eventually(() => expect(asked).toHaveLength(2));
    asked[1]?.(90n);
    expect(counters([await after])).toEqual([91]);
  });

  it('does not lower the counter when the floor is behind it', async () => {
    const redis = client();
    await redis.set('id:esp', 700);
    const generator = new RedisIdGenerator({ redis, key, marks: marksAt(() => 3n) });
    expect(decodeId('esp', await generator.next('esp'), key)).toBe(701n);
  });

  it('asks for the floor again when asking failed', async () => {
    let calls = 0;
    const floor = async () => {
      if (calls++ === 0) throw new Error('database away');
      return 1_000n;
    };
    const marks = { ...marksAt(() => 0n), floor };
    const generator = new RedisIdGenerator({ redis: client(), key, marks });
    await expect(generator.next('pag')).rejects.toBeInstanceOf(IdsUnavailableError);
    expect(decodeId('pag', await generator.next('pag'), key)).toBe(1_001n);
  });

  it('fails fast when Redis goes away and works again when it is back', async () => {
    const own = await startRedis();
    const generator = new RedisIdGenerator({ redis: client(own.url), key, marks: marksAt(() => 0n) });
    await generator.next('res');
    await own.stop();
    const startedAt = Date.now();
    await expect(generator.next('res')).rejects.toBeInstanceOf(IdsUnavailableError);
    await expect(generator.next('res')).rejects.toBeInstanceOf(IdsUnavailableError);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    const again = await startRedis({ port: own.port });
    await eventually(async () => {
      await generator.next('res');
    });
    await again.stop();
  });
});

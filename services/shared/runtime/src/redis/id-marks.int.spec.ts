import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId, encodeId, MAX_COUNTER } from '@plataforma/domain/id';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { createRuntimeDatabase, type RuntimeDatabase } from '../../test/runtime-database.ts';
import { PostgresIdMarks } from './id-marks.ts';
import { createRedis } from './redis.ts';
import { IdsUnavailableError, RedisIdGenerator } from './redis-ids.ts';

const key = Buffer.alloc(32, 3);

let database: RuntimeDatabase;
let dataSource: DataSource;
let server: RedisServer;
const clients: Redis[] = [];

beforeAll(async () => {
  database = await createRuntimeDatabase();
  ({ dataSource } = database);
  await dataSource.query('create table coisas (id text primary key, feita_em timestamptz default now())');
  server = await startRedis();
});
afterEach(async () => {
  await dataSource.query('truncate limites_de_ids, coisas');
  await clients[0]?.flushall();
  for (const redis of clients.splice(0)) redis.disconnect();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

function generator(withKey = key): RedisIdGenerator {
  const redis = createRedis(server.url);
  clients.push(redis);
  const marks = new PostgresIdMarks(dataSource, { coi: { table: 'coisas' } }, withKey);
  return new RedisIdGenerator({ redis, key: withKey, marks });
}

async function drawn(from: RedisIdGenerator, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await from.next('coi'));
  return ids;
}

const counterOf = (id = '') => decodeId('coi', id, key);

describe('identities after Redis lost its counter', () => {
  it('are none that were given out, stored or not', async () => {
    const before = await drawn(generator(), 1_700);
    await clients[0]?.flushall();
    const after = await drawn(generator(), 300);
    expect(new Set([...before, ...after]).size).toBe(2_000);
    // Numbers are skipped, but not many.
    expect(counterOf(after[0])).toBeLessThan(4_000n);
  });

  it('are none that were given out, when the newest rows are a bulk import and the older ones were deleted', async () => {
    const before = await drawn(generator(), 40);
    await dataSource.query('insert into coisas select unnest($1::text[])', [before.slice(0, 20)]);
    const foreign = Array.from({ length: 1_500 }, (_, n) => encodeId('coi', BigInt(n), Buffer.alloc(32, 9)));
    await dataSource.query("insert into coisas select unnest($1::text[]), now() + interval '1 day'", [
      foreign,
    ]);
    await clients[0]?.flushall();
    expect(before).not.toContain((await drawn(generator(), 1))[0]);
  });

  it('begin above those of the table when there is no mark yet', async () => {
    const stored = [3n, 900n, 12n].map((counter) => encodeId('coi', counter, key));
    await dataSource.query('insert into coisas select unnest($1::text[])', [stored]);
    expect(counterOf(await generator().next('coi'))).toBe(901n);
  });
});

describe('the mark', () => {
  const limit = async () => {
    const [row] = await dataSource.query("select limite::int from limites_de_ids where prefixo = 'coi'");
    return row?.limite;
  };

  it('is ahead of every number that is given out, by several processes at once', async () => {
    const [a, b] = [generator(), generator()];
    const ids = await Promise.all(Array.from({ length: 2_500 }, (_, n) => (n % 2 ? a : b).next('coi')));
    expect(new Set(ids).size).toBe(2_500);
    const highest = Math.max(...ids.map((id) => Number(counterOf(id))));
    // The one that asks for the mark last begins at it.
    expect(highest).toBeLessThan(5_000);
    expect(await limit()).toBeGreaterThanOrEqual(highest);
  });

  it('is one for each kind of identity', async () => {
    const marks = new PostgresIdMarks(dataSource, {}, key);
    await marks.raise('coi', 5n);
    await marks.raise('rei', 9_000n);
    expect(await Promise.all(['coi', 'rei', 'nov'].map((prefix) => marks.floor(prefix)))).toEqual([
      1_005n,
      10_000n,
      0n,
    ]);
  });

  it('is written once in hundreds of identities', async () => {
    const from = generator();
    await drawn(from, 1);
    const written = async () =>
      (await dataSource.query("select xmin::text from limites_de_ids where prefixo = 'coi'"))[0].xmin;
    const seen = new Set<string>();
    for (let n = 0; n < 400; n++) {
      await drawn(from, 1);
      seen.add(await written());
    }
    expect(seen.size).toBeLessThanOrEqual(2);
  });

  it('says so when it cannot be moved, and gives nothing out', async () => {
    const redis = createRedis(server.url);
    clients.push(redis);
    const marks = { floor: async () => 0n, raise: () => Promise.reject(new Error('database away')) };
    const from = new RedisIdGenerator({ redis, key, marks });
    await expect(from.next('coi')).rejects.toBeInstanceOf(IdsUnavailableError);
  });

  it('ends at the last number that has an identity', async () => {
    const marks = new PostgresIdMarks(dataSource, {}, key);
    expect(await marks.raise('coi', MAX_COUNTER - 2n)).toBe(MAX_COUNTER);
    await expect(marks.raise('coi', MAX_COUNTER + 1n)).resolves.toBe(MAX_COUNTER);
  });
});

it('another key goes on from the mark, with identities that are others', async () => {
  const before = await drawn(generator(), 200);
  await dataSource.query('insert into coisas select unnest($1::text[])', [before]);
  await clients[0]?.flushall();
  const rotated = await drawn(generator(Buffer.alloc(32, 4)), 200);
  expect(new Set([...before, ...rotated]).size).toBe(400);
});

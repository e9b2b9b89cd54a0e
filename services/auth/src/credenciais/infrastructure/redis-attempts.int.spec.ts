import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRedis } from '@plataforma/runtime/redis';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import type { Attempt } from '../application/ports.ts';
import { RedisAttempts } from './redis-attempts.ts';

const EMAIL = 'ana@exemplo.com';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let server: RedisServer;
let redis: Redis;
let clock: FixedClock;
let attempts: RedisAttempts;

beforeAll(async () => {
  server = await startRedis();
  redis = createRedis(server.url);
});

beforeEach(async () => {
  await redis.flushall();
  clock = new FixedClock('2026-11-24T12:00:00Z');
  attempts = new RedisAttempts({ redis, clock, perMinute: 20 });
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const at = (turn: number) => ({ endereco: `192.0.2.${turn}`, email: EMAIL });
const HOME = { endereco: '198.51.100.1', email: EMAIL };
const STRANGER = { endereco: '203.0.113.1', email: EMAIL };

/** All told: the seconds to wait, attempt by attempt, at one moment. */
async function waits(...each: Attempt[]): Promise<number[]> {
  const told: number[] = [];
  for (const attempt of each) told.push(await attempts.begin(attempt));
  return told;
}

const many = (count: number) => Array.from({ length: count }, (_, turn) => at(turn));
const none = (count: number) => Array.from({ length: count }, () => 0);

describe('the wait of one address at one account', () => {
  it('doubles with each failure, to a minute and no further', async () => {
    expect(await waits(...Array.from({ length: 5 }, () => HOME))).toEqual(none(5));
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
      expect(await attempts.begin(HOME)).toBe(seconds);
      clock.advance(seconds * 1_000 - 1);
      expect(await attempts.begin(HOME)).toBe(1);
      clock.advance(1);
      expect(await attempts.begin(HOME)).toBe(0);
    }
  });
});

describe('a success at an account that has not verified the address', () => {
  it('costs nothing, and takes back nothing but itself', async () => {
    for (const seconds of [0, 0, 0, 0, 1, 2]) {
      expect(await attempts.begin(HOME)).toBe(0);
      await attempts.succeeded(HOME, false);
      expect(await attempts.begin(HOME)).toBe(0);
      if (seconds > 0) expect(await attempts.begin(HOME)).toBe(seconds);
      clock.advance(seconds * 1_000);
    }
  });

  it('makes no client known, and gives the account back what it took', async () => {
    await attempts.begin(HOME);
    await attempts.succeeded(HOME, false);
    expect(await waits(...many(50), HOME)).toEqual([...none(50), 30]);
  });
});

describe('the budget of an account', () => {
  it('is fifty failures of addresses that are not known there, and one more every thirty seconds', async () => {
    expect(await waits(...many(50), STRANGER)).toEqual([...none(50), 30]);
    clock.advance(30_000);
    expect(await waits(at(60), STRANGER)).toEqual([0, 30]);
  });

  it('is not used up by those who know the password', async () => {
    for (const attempt of many(60)) {
      expect(await attempts.begin(attempt)).toBe(0);
      await attempts.succeeded(attempt, true);
    }
  });

  it('is not given back whole by one who knows it', async () => {
    await attempts.begin(HOME);
    await attempts.succeeded(HOME, true);
    expect(await waits(...many(50))).toEqual(none(50));
    expect(await attempts.begin(HOME)).toBe(0);
    await attempts.succeeded(HOME, true);
    // One guess is, for the attempt that did not fail.
    expect(await waits(STRANGER, at(60))).toEqual([0, 30]);
  });

  it('is overdrawn by nobody: after what known addresses fail, a stranger waits no longer', async () => {
    for (const attempt of many(120)) {
      await attempts.begin(attempt);
      await attempts.succeeded(attempt, true);
    }
    expect(await waits(...many(120))).toEqual(none(120));
    expect(await attempts.begin(STRANGER)).toBe(30);
  });
});

describe('a device that the account was logged in with', () => {
  const DEVICE = { ...STRANGER, aparelho: 'AbCdEfGhIjKlMnOp' };

  it('is heard whatever strangers do to the account, from their very address too', async () => {
    expect(await waits(...many(50), STRANGER)).toEqual([...none(50), 30]);
    const flood = Array.from({ length: 30 }, (_, turn) => ({ ...STRANGER, email: `x${turn}@exemplo.com` }));
    expect((await waits(...flood)).slice(-1)).toEqual([3]);
    expect(await waits(DEVICE)).toEqual([0]);
  });

  it('gets five guesses and then waits as any other, but does not slow others down', async () => {
    expect(await waits(...Array.from({ length: 7 }, () => DEVICE))).toEqual(
      [...none(6), 1].slice(1).concat(1),
    );
    expect(await waits(STRANGER, { ...DEVICE, aparelho: 'qRsTuVwXyZ012345' })).toEqual([0, 0]);
  });

  it('shares one budget with all devices of its account: logins make no more of it', async () => {
    const devices = Array.from({ length: 21 }, (_, turn) => ({ ...DEVICE, aparelho: `aparelho-${turn}` }));
    expect(await waits(...devices)).toEqual([...none(20), 3]);
  });
});

describe('an IPv6 site', () => {
  const network = (turn: number, site = '2001:db8:7') => ({ endereco: `${site}:${turn.toString(16)}::/64` });

  it('may what ten addresses may, however many networks it has, and takes nothing from another', async () => {
    const networks = Array.from({ length: 200 }, (_, turn) => network(turn));
    expect(await waits(...networks, network(200))).toEqual([...none(200), 1]);
    // Nothing was counted for who was refused, neither here nor at the account.
    expect(await attempts.begin({ ...network(201), email: EMAIL })).toBe(1);
    expect(await waits(network(1, '2001:db8:8'), at(1))).toEqual([0, 0]);
    clock.advance(300);
    expect(await waits(network(202), network(203))).toEqual([0, 1]);
    expect(await redis.keys('tentativas:conta:*')).toHaveLength(2);
  });

  it('does not stand in the way of a device that the account knows', async () => {
    await waits(...Array.from({ length: 200 }, (_, turn) => network(turn)));
    expect(await attempts.begin({ ...network(1), email: EMAIL, aparelho: 'AbCdEfGhIjKlMnOp' })).toBe(0);
  });
});

describe('a replica whose clock is an hour ahead', () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const replica = (offMs: number) =>
    new RedisAttempts({
      ...{ redis, perMinute: 20, machine: () => Date.now() + offMs },
      clock: { now: () => new Date(Date.now() + offMs) },
    });

  it('locks out at the others neither who tries there nor the account', async () => {
    const [right, ahead] = [replica(0), replica(HOUR_MS)];
    for (let turn = 0; turn < 6; turn++) await ahead.begin(HOME);
    expect(await right.begin({ endereco: HOME.endereco })).toBe(0);
    expect(await right.begin(HOME)).toBe(1);
    expect(await right.begin(STRANGER)).toBe(0);
  });

  it('lets in nobody whom the others refuse, and tells them the same', async () => {
    const [right, ahead] = [replica(0), replica(HOUR_MS)];
    for (const attempt of many(50)) await right.begin(attempt);
    expect(await ahead.begin(STRANGER)).toBeGreaterThan(28);
    for (let turn = 0; turn < 6; turn++) await right.begin(HOME);
    expect(await ahead.begin(HOME)).toBe(30);
  });
});

describe('what Redis keeps of attempts', () => {
  it('has an end, and names no account', async () => {
    await attempts.begin(HOME);
    await attempts.succeeded(HOME, true);
    await attempts.begin(HOME);
    const keys = await redis.keys('*');
    const lives = Object.fromEntries(
      await Promise.all(keys.map(async (key) => [key.replace(/:[\w-]{22}/, ':*'), await redis.pttl(key)])),
    );
    const longest: Record<string, number> = {
      [`tentativas:endereco:${HOME.endereco}`]: MINUTE_MS,
      'tentativas:conta:*': 25 * MINUTE_MS,
      [`tentativas:conta:*:${HOME.endereco}`]: 15 * MINUTE_MS,
      [`tentativas:conhecido:*:${HOME.endereco}`]: 30 * DAY_MS,
    };
    expect(Object.keys(lives).sort()).toEqual(Object.keys(longest).sort());
    for (const [key, most] of Object.entries(longest)) {
      expect(lives[key]).toBeGreaterThan(0);
      expect(lives[key]).toBeLessThanOrEqual(most);
    }
    expect(keys.join()).not.toContain('ana');
  });
});

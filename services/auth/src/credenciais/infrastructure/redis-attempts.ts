import { createHash } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { Redis } from 'ioredis';
import type { Attempt, Attempts } from '../application/ports.ts';

/** Failures that one address may make at one account before each has to wait, twice as long as the one before. */
const FREE_FAILURES = 5;
const LONGEST_WAIT_MS = 60_000;
const PAIR_FORGOTTEN_MS = 15 * 60_000;
/** Failures at one account, of all addresses together; over them only addresses that it has been logged in from are heard. */
const ACCOUNT_FAILURES = 50;
const ACCOUNT_INTERVAL_MS = 30_000;
const KNOWN_MS = 30 * 24 * 3_600_000;
/** What a whole IPv6 /48 may, in addresses: whoever has one has 65,536 networks that count as an address each. */
const ADDRESSES_PER_SITE = 10;
/** Clocks of hosts differ by so much at most, or a call takes so long: nothing that anybody would notice in a wait. */
const OFF_MS = 1_000;

/**
 * Lets an attempt in (0) or says how many milliseconds to wait. It counts as failed until the opposite is told: attempts
 * that come at once must not pass together.
 *
 * KEYS: address; account; account and address; known address of the account. Without an account the first only. Last, where ARGV
 * says so, the site that the address belongs to. Of a known device: what all those of the account may, account, account and device; it is heard whatever strangers do to the account.
 * Budgets per time are kept as the instant at which all of the budget is free again (GCRA). Replicas must mean the same by an
 * instant: one whose clock is ahead would lock addresses out at the others, and let in itself whoever they refuse. So who is
 * off goes by the clock of Redis.
 */
const BEGIN = `
  local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local time = redis.call('TIME')
  local off = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[10])
  if math.abs(off) > tonumber(ARGV[11]) then now = now + off end
  local address = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + interval
  local wait = address - now - burst * interval
  local site, freed = KEYS[tonumber(ARGV[12])], nil
  if site then
    freed = math.max(now, tonumber(redis.call('GET', site) or 0)) + math.ceil(interval / tonumber(ARGV[13]))
    wait = math.max(wait, freed - now - burst * interval)
  end
  local account, failures
  if ARGV[14] == 'account' then
    local each, most = tonumber(ARGV[4]), tonumber(ARGV[5])
    local pair = redis.call('HMGET', KEYS[3], 'falhas', 'espera')
    failures = tonumber(pair[1] or 0) + 1
    wait = math.max(wait, tonumber(pair[2] or 0) - now)
    account = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0)) + each
    local known = ARGV[9] == 'device' or redis.call('EXISTS', KEYS[4]) == 1
    if not known then wait = math.max(wait, account - now - most * each) end
    account = math.min(account, now + most * each)
  end
  if wait > 0 then return wait end
  redis.call('SET', KEYS[1], address, 'PX', address - now)
  if site then redis.call('SET', site, freed, 'PX', freed - now) end
  if ARGV[14] == 'account' then
    local over = failures - tonumber(ARGV[6])
    local next = now
    if over >= 0 then next = now + math.min(1000 * 2 ^ over, tonumber(ARGV[7])) end
    redis.call('HSET', KEYS[3], 'falhas', failures, 'espera', next)
    redis.call('PEXPIRE', KEYS[3], ARGV[8])
    redis.call('SET', KEYS[2], account, 'PX', account - now)
  end
  return 0`;

/** KEYS: account; account and address; known address of the account. */
const SUCCEED = `
  if ARGV[3] == 'titular' then
    redis.call('DEL', KEYS[2])
    redis.call('SET', KEYS[3], 1, 'PX', ARGV[2])
  elseif redis.call('EXISTS', KEYS[2]) == 1 then
    redis.call('HINCRBY', KEYS[2], 'falhas', -1)
    redis.call('HSET', KEYS[2], 'espera', 0)
  end
  local account = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(ARGV[1])
  local left = redis.call('PTTL', KEYS[1]) - tonumber(ARGV[1])
  if left > 0 then redis.call('SET', KEYS[1], account, 'PX', left) else redis.call('DEL', KEYS[1]) end
  return 0`;

/** Attempts with passwords, counted in Redis for all replicas together. Of e-mail addresses only digests are kept. */
export class RedisAttempts implements Attempts {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #perMinute: number;
  readonly #machine: () => number;

  /**
   * @param options.perMinute attempts of one client address, all calls together; as many may come at once.
   * @param options.machine what the clock of this host says, in milliseconds
   */
  constructor(options: { redis: Redis; clock: Clock; perMinute: number; machine?: () => number }) {
    this.#redis = options.redis;
    this.#clock = options.clock;
    this.#perMinute = options.perMinute;
    this.#machine = options.machine ?? Date.now;
  }

  async begin(attempt: Attempt): Promise<number> {
    const site = siteOf(attempt);
    const keys = [...keysOf(attempt), ...(site === undefined ? [] : [site])];
    const budget = [Math.ceil(60_000 / this.#perMinute), this.#perMinute];
    const failures = [
      ACCOUNT_INTERVAL_MS,
      ACCOUNT_FAILURES,
      FREE_FAILURES,
      LONGEST_WAIT_MS,
      PAIR_FORGOTTEN_MS,
    ];
    const now = this.#clock.now().getTime();
    const who = attempt.aparelho === undefined ? 'address' : 'device';
    const clocks = [this.#machine(), OFF_MS];
    const what = [
      site === undefined ? 0 : keys.length,
      ADDRESSES_PER_SITE,
      attempt.email === undefined ? '' : 'account',
    ];
    const arguments_ = [now, ...budget, ...failures, who, ...clocks, ...what];
    const wait = await this.#redis.eval(BEGIN, keys.length, ...keys, ...arguments_);
    return Math.ceil(Number(wait) / 1000);
  }

  async succeeded(attempt: Attempt & { readonly email: string }, titular: boolean): Promise<void> {
    const keys = keysOf(attempt).slice(1);
    const whose = titular ? 'titular' : 'other';
    await this.#redis.eval(SUCCEED, keys.length, ...keys, ACCOUNT_INTERVAL_MS, KNOWN_MS, whose);
  }
}

/** The IPv6 /48 around the /64 that counts as an address; known devices count by their account alone. */
function siteOf({ endereco, aparelho }: Attempt): string | undefined {
  if (aparelho !== undefined || !endereco.endsWith('::/64')) return undefined;
  return `tentativas:rede:${endereco.split(':', 3).join(':')}::/48`;
}

/** In the order of the scripts. */
function keysOf({ endereco, email, aparelho }: Attempt): string[] {
  if (email === undefined) return [`tentativas:endereco:${endereco}`];
  const conta = createHash('sha256').update(email).digest('base64url').slice(0, 22);
  const known = `tentativas:conhecido:${conta}:${endereco}`;
  const account = `tentativas:conta:${conta}`;
  if (aparelho === undefined)
    return [`tentativas:endereco:${endereco}`, account, `${account}:${endereco}`, known];
  return [`tentativas:aparelhos:${conta}`, account, `${account}:aparelho:${aparelho}`, known];
}

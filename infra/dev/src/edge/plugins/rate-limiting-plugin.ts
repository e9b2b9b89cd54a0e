import {
  asBoolean,
  asInteger,
  EdgeConfigError,
  onlyKeys,
  onlyValue,
  type Settings,
} from '../config/config-checks.ts';
import type { Exchange, Headers, Plugin, Reply } from '../http/exchange.ts';
import { kongError } from '../http/kong-replies.ts';
import { type RateLimitCounters, windowStart } from './rate-limit-counters.ts';

interface Limit {
  /** As in the header names: `Minute`. */
  readonly label: string;
  readonly periodMs: number;
  readonly max: number;
}

interface Usage extends Limit {
  readonly remaining: number;
}

const PERIODS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Limits requests per client address and fixed window. `policy: redis` counts in this process too: the
 * edge is one node.
 *
 * @param scope where the instance is attached; every instance counts on its own.
 */
export function rateLimitingPlugin(
  config: Settings,
  scope: string,
  counters: RateLimitCounters,
  now: () => number = Date.now,
): Plugin {
  const limits = readLimits(config);
  const usages = new WeakMap<Exchange, Usage[]>();
  return {
    name: 'rate-limiting',
    priority: 910,
    access(exchange: Exchange): Reply | undefined {
      const nowMs = now();
      const key = (limit: Limit): string => `${scope}|${limit.label}|${exchange.clientIp}`;
      const before = limits.map((limit) => ({
        ...limit,
        remaining: limit.max - counters.used(key(limit), limit.periodMs, nowMs),
      }));
      const exceeded = before.find((usage) => usage.remaining <= 0);
      usages.set(exchange, exceeded ? before : before.map(withThisRequest));
      if (exceeded) return tooManyRequests(exchange, exceeded, nowMs);
      for (const limit of limits) counters.increment(key(limit), limit.periodMs, nowMs);
      return undefined;
    },
    headerFilter(exchange: Exchange, reply: Reply): void {
      const usage = usages.get(exchange);
      if (usage) setHeaders(reply.headers, usage, now());
    },
  };
}

function readLimits(config: Settings): Limit[] {
  const where = 'plugin rate-limiting';
  onlyKeys(config, [...Object.keys(PERIODS), 'limit_by', 'policy', 'fault_tolerant', 'redis'], where);
  if (config.limit_by !== 'ip') throw new EdgeConfigError(`${where}: only "limit_by: ip" is implemented`);
  onlyValue(config, 'policy', ['local', 'redis'], where);
  asBoolean(config.fault_tolerant, `${where} fault_tolerant`, true);
  const limits = Object.entries(PERIODS).flatMap(([name, periodMs]) => {
    const max = config[name] === undefined ? undefined : asInteger(config[name], `${where} ${name}`);
    return max === undefined ? [] : [{ label: name[0]?.toUpperCase() + name.slice(1), periodMs, max }];
  });
  if (limits.length === 0) throw new EdgeConfigError(`${where}: no limit given`);
  return limits;
}

function withThisRequest(usage: Usage): Usage {
  return { ...usage, remaining: usage.remaining - 1 };
}

function tooManyRequests(exchange: Exchange, exceeded: Usage, nowMs: number): Reply {
  const reply = kongError(exchange, 429, 'API rate limit exceeded');
  reply.headers.set('retry-after', String(secondsToReset(exceeded, nowMs)));
  return reply;
}

function setHeaders(headers: Headers, usages: readonly Usage[], nowMs: number): void {
  for (const { label, max, remaining } of usages) {
    headers.set(`x-ratelimit-limit-${label.toLowerCase()}`, String(max));
    headers.set(`x-ratelimit-remaining-${label.toLowerCase()}`, String(Math.max(0, remaining)));
  }
  const tightest = usages.reduce((a, b) => (b.remaining < a.remaining ? b : a));
  headers.set('ratelimit-limit', String(tightest.max));
  headers.set('ratelimit-remaining', String(Math.max(0, tightest.remaining)));
  headers.set('ratelimit-reset', String(secondsToReset(tightest, nowMs)));
}

/** At least one: the window that holds this moment ends after it. */
function secondsToReset({ periodMs }: Limit, nowMs: number): number {
  return Math.ceil((windowStart(nowMs, periodMs) + periodMs - nowMs) / 1000);
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Settings } from '../config/config-checks.ts';
import type { Plugin, Reply } from '../http/exchange.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { RateLimitCounters } from './rate-limit-counters.ts';
import { rateLimitingPlugin } from './rate-limiting-plugin.ts';

const MINUTE_MS = 60_000;

let clock: number;
let counters: RateLimitCounters;

beforeEach(() => {
  // Aligned to a day, so that a window of each length begins here.
  clock = 20_000 * 86_400_000;
  counters = new RateLimitCounters();
});

function plugin(limits: Settings, scope = 'route a'): Plugin {
  return rateLimitingPlugin({ limit_by: 'ip', ...limits }, scope, counters, () => clock);
}

/** Sends one request through the plugin: its status and the headers that the client sees. */
function send(to: Plugin, clientIp = '10.0.0.1') {
  const exchange = exchangeOf({ clientIp });
  const refused = to.access?.(exchange) as Reply | undefined;
  const reply = refused ?? { status: 200, headers: new Map(), body: Buffer.alloc(0) };
  to.headerFilter?.(exchange, reply);
  return { status: reply.status, headers: Object.fromEntries(reply.headers) };
}

const statuses = (count: number, to: Plugin, clientIp?: string) =>
  Array.from({ length: count }, () => send(to, clientIp).status);

describe('rate-limiting', () => {
  it('lets exactly as many requests of an address pass as the window allows', () => {
    const two = plugin({ minute: 2 });
    expect(statuses(4, two)).toEqual([200, 200, 429, 429]);
    clock += MINUTE_MS - 1;
    expect(statuses(1, two)).toEqual([429]);
    clock += 1;
    expect(statuses(3, two)).toEqual([200, 200, 429]);
  });

  it('counts each address, each place where it is attached and each period on its own', () => {
    const one = plugin({ minute: 1 });
    expect(statuses(2, one, '10.0.0.1')).toEqual([200, 429]);
    expect(statuses(2, one, '10.0.0.2')).toEqual([200, 429]);
    expect(statuses(2, plugin({ minute: 1 }, 'route b'), '10.0.0.1')).toEqual([200, 429]);
    expect(statuses(2, plugin({ hour: 1 }), '10.0.0.1')).toEqual([200, 429]);
  });

  it('goes on counting where a reload of the configuration left off', () => {
    expect(statuses(3, plugin({ minute: 3 }))).toEqual([200, 200, 200]);
    const { status, headers } = send(plugin({ minute: 2 }));
    expect([status, headers['x-ratelimit-remaining-minute'], headers['ratelimit-remaining']]).toEqual([
      429,
      '0',
      '0',
    ]);
  });

  it('counts no request that it refuses', () => {
    const both = plugin({ second: 1, minute: 3 });
    expect(statuses(5, both)).toEqual([200, 429, 429, 429, 429]);
    clock += 1_000;
    expect(statuses(2, both)).toEqual([200, 429]);
    clock += 1_000;
    expect(statuses(1, both)).toEqual([200]);
    clock += 1_000;
    expect(statuses(1, both)).toEqual([429]);
  });

  it('tells the limit that is nearest, and in how many whole seconds its window ends', () => {
    const both = plugin({ minute: 2, hour: 100 });
    clock += 500;
    expect(send(both).headers).toEqual({
      'x-ratelimit-limit-minute': '2',
      'x-ratelimit-remaining-minute': '1',
      'x-ratelimit-limit-hour': '100',
      'x-ratelimit-remaining-hour': '99',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
      'ratelimit-reset': '60',
    });
    send(both);
    for (const [after, seconds] of [
      [500, '59'],
      [58_000, '1'],
      [999, '1'],
    ] as const) {
      clock += after;
      const { status, headers } = send(both);
      expect([status, headers['retry-after'], headers['ratelimit-reset']]).toEqual([429, seconds, seconds]);
    }
  });

  it.each([
    ['no limit', {}, 'no limit given'],
    ['a limit that is no number', { minute: '5' }, 'minute: expected a whole number'],
    ['what it would count instead of addresses', { minute: 1, limit_by: 'consumer' }, '"limit_by: ip"'],
    ['a policy that it does not know', { minute: 1, policy: 'cluster' }, 'policy: cluster'],
    ['a period that it does not know', { minute: 1, month: 1 }, '"month"'],
    ['fault_tolerant that is no flag', { minute: 1, fault_tolerant: 'yes' }, 'fault_tolerant'],
  ])('is refused with %s', (_, settings, message) => {
    expect(() => plugin(settings)).toThrow(message);
  });
});

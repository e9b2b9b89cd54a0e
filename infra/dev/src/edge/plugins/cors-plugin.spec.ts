import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../config/config-checks.ts';
import type { Headers, Reply } from '../http/exchange.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { corsPlugin } from './cors-plugin.ts';

const A = 'https://a.exemplo.com';
const B = 'https://b.exemplo.com';
const SETTINGS: Settings = {
  origins: [A, B],
  methods: ['GET'],
  headers: ['X'],
  max_age: 600,
  exposed_headers: ['Y'],
};

/** What a reply carries in the end, when it had these headers before. */
async function marked(
  changes: Settings,
  headers: IncomingHttpHeaders,
  method = 'GET',
  before: [string, string][] = [],
): Promise<Headers> {
  const plugin = corsPlugin({ ...SETTINGS, ...changes });
  const exchange = exchangeOf({ method, headers });
  const other: Reply = { status: 200, headers: new Map(before), body: Buffer.alloc(0) };
  const reply = (await plugin.access?.(exchange)) ?? other;
  plugin.headerFilter?.(exchange, reply);
  return reply.headers;
}

const ALLOWED = 'access-control-allow-origin';

describe('cors', () => {
  it.each<[string, Settings, string | undefined, string | undefined]>([
    ['the one that asks, of several', {}, B, B],
    ['none to a stranger, of several', {}, 'https://x.com', undefined],
    ['none to who does not say, of several', {}, undefined, undefined],
    ['the only one, whoever asks', { origins: [A] }, 'https://x.com', A],
    ['all, where all are allowed', { origins: ['*'] }, 'https://x.com', '*'],
    ['all, where none is set', { origins: undefined }, 'https://x.com', '*'],
  ])('answers %s', async (_, changes, origin, allowed) => {
    const headers = await marked(changes, { origin });
    expect(headers.get(ALLOWED)).toBe(allowed);
    expect(headers.get('vary')).toBe(allowed === '*' ? undefined : 'Origin');
    expect(headers.get('access-control-expose-headers')).toBe('Y');
  });

  it('takes back what another plugin has allowed a stranger', async () => {
    const headers = await marked({}, { origin: 'https://x.com' }, 'GET', [[ALLOWED, '*']]);
    expect(headers.has(ALLOWED)).toBe(false);
  });

  it.each([
    ['GET', {}],
    ['OPTIONS', { 'access-control-request-method': 'POST' }],
  ])(
    'lets cookies through to the origin that is allowed, and allows a stranger none: %s',
    async (method, more) => {
      const of = (origin: string) => marked({ credentials: true }, { origin, ...more }, method);
      const own = await of(B);
      expect([own.get(ALLOWED), own.get('access-control-allow-credentials')]).toEqual([B, 'true']);
      expect((await of('https://x.com')).has(ALLOWED)).toBe(false);
      expect((await marked({}, { origin: B, ...more }, method)).has('access-control-allow-credentials')).toBe(
        false,
      );
    },
  );

  it('answers a preflight once, and leaves its answer alone', async () => {
    const headers = await marked({}, { origin: A, 'access-control-request-method': 'GET' }, 'OPTIONS');
    expect(Object.fromEntries(headers)).toEqual({
      [ALLOWED]: A,
      'access-control-allow-headers': 'X',
      'access-control-allow-methods': 'GET',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  it.each([
    ['GET', { origin: A, 'access-control-request-method': 'GET' }],
    ['OPTIONS', { origin: A }],
    ['OPTIONS', { 'access-control-request-method': 'GET' }],
  ])('takes %s with %j for no preflight', async (method, headers) => {
    expect(await corsPlugin(SETTINGS).access?.(exchangeOf({ method, headers }))).toBeUndefined();
  });

  it.each([
    ['an expression for an origin', { origins: ['https://.*\\.com'] }, 'the expression'],
    ['credentials for all', { origins: ['*'], credentials: true }, 'every origin'],
    ['credentials for all among others', { origins: [A, '*'], credentials: true }, 'every origin'],
    ['credentials for whoever asks', { origins: [], credentials: true }, 'every origin'],
    ['what it does not know', { private_network: true }, '"private_network"'],
  ])('is refused with %s', (_, changes, message) => {
    expect(() => corsPlugin({ ...SETTINGS, ...changes })).toThrow(message);
  });
});

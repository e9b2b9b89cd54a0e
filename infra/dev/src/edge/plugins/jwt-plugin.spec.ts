import { describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import type { Settings } from '../config/config-checks.ts';
import { createTestKey } from '../conformance/conformance-target.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { jwtCredentials, jwtPlugin } from './jwt-plugin.ts';

const NOW = 1_700_000_000;
const SETTINGS: Settings = {
  key_claim_name: 'kid',
  claims_to_verify: ['exp', 'nbf'],
  maximum_expiration: 3600,
  uri_param_names: [],
  header_names: ['Authorization'],
  run_on_preflight: false,
  realm: 'reservas',
};

const key = await createTestKey('chave-1');
const credentials = jwtCredentials([{ ...key, key: key.kid, algorithm: 'RS256', consumer: 'auth' }]);

/** What is said against the claims, on a clock that stands still; undefined lets them pass. */
async function refusal(claims: JWTPayload, changes: Settings = {}): Promise<unknown> {
  const authorization = `Bearer ${await key.sign({ exp: NOW + 60, nbf: NOW - 60, ...claims })}`;
  const plugin = jwtPlugin({ ...SETTINGS, ...changes }, credentials, () => NOW);
  const reply = await plugin.access?.(exchangeOf({ headers: { authorization } }));
  return reply && JSON.parse(String(reply.body));
}

describe('jwt', () => {
  it('takes a token until the second in which it expires, without any leeway', async () => {
    expect(await refusal({ exp: NOW + 1 })).toBeUndefined();
    expect(await refusal({ exp: NOW })).toEqual({ exp: 'token expired' });
    expect(await refusal({ exp: NOW - 1 })).toEqual({ exp: 'token expired' });
  });

  it.each([null, 1, true, {}, ['chave-1']])('knows nobody by %j, at which Kong breaks', async (kid) => {
    expect(await refusal({ kid })).toEqual({ message: "No credentials found for given 'kid'" });
  });

  it.each(['null.null.x', 'e30.null.x', 'MQ.e30.x'])(
    'reads nothing in %s, at which Kong breaks',
    async (text) => {
      const parts = text.split('.').map((part) => (part === 'null' ? 'bnVsbA' : part));
      const headers = { authorization: `Bearer ${parts.join('.')}` };
      const reply = await jwtPlugin(SETTINGS, credentials, () => NOW).access?.(exchangeOf({ headers }));
      expect([reply?.status, String(reply?.body)]).toEqual([401, '{"message":"Bad token; invalid JSON"}']);
    },
  );

  it('takes a token from the second in which it begins', async () => {
    expect(await refusal({ nbf: NOW })).toBeUndefined();
    expect(await refusal({ nbf: NOW + 1 })).toEqual({ nbf: 'token not valid yet' });
  });

  it('takes no token that is good for longer than it is told, unless it is told nothing', async () => {
    const tooFar = { exp: 'exceeds maximum allowed expiration' };
    expect(await refusal({ exp: NOW + 3600 })).toBeUndefined();
    expect(await refusal({ exp: NOW + 3601 })).toEqual(tooFar);
    expect(await refusal({ exp: NOW + 3601 }, { maximum_expiration: 0 })).toBeUndefined();
    expect(await refusal({}, { claims_to_verify: [] })).toBeUndefined();
    expect(await refusal({ exp: 'soon' as never }, { claims_to_verify: [] })).toEqual(tooFar);
  });

  it.each([
    [{}, undefined],
    [{ run_on_preflight: true }, 401],
    [{ run_on_preflight: undefined }, 401],
  ])('lets OPTIONS pass without a token only when it is told to: %j', async (changes, status) => {
    const plugin = jwtPlugin({ ...SETTINGS, ...changes }, credentials, () => NOW);
    expect((await plugin.access?.(exchangeOf({ method: 'OPTIONS' })))?.status).toBe(status);
    expect((await plugin.access?.(exchangeOf({ method: 'GET' })))?.status).toBe(401);
  });

  it('does not start with a credential that is no key', () => {
    const secret = { key: 'chave-2', algorithm: 'RS256', consumer: 'auth', publicKeyPem: 'nenhuma' };
    expect(() => jwtCredentials([secret])).toThrow('the key "chave-2" is not a public key in PEM');
  });

  it.each([
    [
      'tokens from the URL, which is the default',
      { uri_param_names: undefined },
      'set uri_param_names to []',
    ],
    ['tokens from the URL', { uri_param_names: ['jwt'] }, 'tokens in uri_param_names'],
    ['tokens from cookies', { cookie_names: ['jwt'] }, 'tokens in cookie_names'],
    ['anonymous callers', { anonymous: 'x' }, '"anonymous"'],
    ['no key claim', { key_claim_name: undefined }, 'key_claim_name'],
  ])('is refused with %s', (_, changes, message) => {
    expect(() => jwtPlugin({ ...SETTINGS, ...changes }, credentials)).toThrow(message);
  });
});

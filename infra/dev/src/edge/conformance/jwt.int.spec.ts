import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, createTestKey, openTarget, type TestKey } from './conformance-target.ts';

const REALM = 'Bearer realm="reservas"';
const INVALID = `${REALM} error="invalid_token"`;

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.calls.length = 0;
});

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function validClaims(): { sub: string; exp: number; nbf: number } {
  return { sub: 'usr_1', exp: nowSeconds() + 600, nbf: nowSeconds() - 5 };
}

function get(token?: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${target.baseUrl}/protegido/a1`, { headers: { ...authorization, ...headers } });
}

async function expectRefused(response: Response, body: object, challenge = INVALID): Promise<void> {
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe(challenge);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual(body);
  expect(target.grpc.calls).toHaveLength(0);
}

function unsigned(header: object | string, claims: object | string): string {
  const part = (value: object | string): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${Buffer.from('x').toString('base64url')}`;
}

describe('requests without a good token', () => {
  it('K40 asks for a token when there is none', async () => {
    await expectRefused(await get(), { message: 'Unauthorized' }, REALM);
  });

  it('K40 does not look for a token in the URL', async () => {
    const token = await target.key.sign(validClaims());
    const response = await fetch(`${target.baseUrl}/protegido/a1?jwt=${token}`);
    await expectRefused(response, { message: 'Unauthorized' }, REALM);
  });

  it('K40 does not take another scheme for a token', async () => {
    await expectRefused(
      await get(undefined, { authorization: 'Basic x' }),
      { message: 'Unauthorized' },
      REALM,
    );
  });

  it.each([
    ['lixo', 'invalid JSON'],
    ['a.b.c', 'invalid JSON'],
    [unsigned({ kid: 'x' }, {}), 'invalid alg'],
    [unsigned({ alg: 'none', kid: 'x' }, {}), 'invalid alg'],
    [unsigned('texto', {}), 'invalid alg'],
    [unsigned({ alg: 'RS256' }, {}).split('.').slice(0, 2).join('.'), 'invalid JSON'],
    [`${unsigned({ alg: 'RS256' }, {})}!`, 'invalid signature'],
  ])('K41 refuses the garbage %s', async (token, reason) => {
    await expectRefused(await get(token), { message: `Bad token; ${reason}` });
  });

  it('K42 refuses a token without kid', async () => {
    const token = unsigned({ alg: 'RS256' }, validClaims());
    await expectRefused(await get(token), { message: "No mandatory 'kid' in claims" });
  });

  it('K42 refuses an empty kid', async () => {
    const token = unsigned({ alg: 'RS256', kid: '' }, validClaims());
    await expectRefused(await get(token), { message: "Invalid 'kid' in claims" });
  });

  it('K42 refuses an unknown kid', async () => {
    const token = await (await createTestKey('outra')).sign(validClaims());
    await expectRefused(await get(token), { message: "No credentials found for given 'kid'" });
  });

  it('K43 refuses HS256 under a known kid', async () => {
    const token = unsigned({ alg: 'HS256', kid: target.key.kid }, validClaims());
    await expectRefused(await get(token), { message: 'Invalid algorithm' });
  });

  it.each(['PS256', 'EdDSA'])('K43 refuses %s under a known kid', async (alg) => {
    const token = unsigned({ alg, kid: target.key.kid }, validClaims());
    await expectRefused(await get(token), { message: 'Invalid algorithm' });
  });

  it('K44 refuses a signature by another key, and a changed payload', async () => {
    const impostor = await createTestKey(target.key.kid);
    await expectRefused(await get(await impostor.sign(validClaims())), { message: 'Invalid signature' });
    const [head, , signature] = (await target.key.sign(validClaims())).split('.');
    const payload = Buffer.from(JSON.stringify({ ...validClaims(), sub: 'usr_2' })).toString('base64url');
    await expectRefused(await get(`${head}.${payload}.${signature}`), { message: 'Invalid signature' });
    const text = unsigned({ alg: 'RS256', kid: target.key.kid }, 'texto');
    await expectRefused(await get(text), { message: 'Invalid signature' });
  });

  it.each([
    ['expired', { exp: -1 }, { exp: 'token expired' }],
    ['not valid yet', { nbf: 30 }, { nbf: 'token not valid yet' }],
    ['K46 valid for too long', { exp: 3700 }, { exp: 'exceeds maximum allowed expiration' }],
  ])('K45 refuses a token that is %s', async (_what, offsets: Record<string, number>, errors) => {
    const moved = Object.fromEntries(Object.entries(offsets).map(([name, s]) => [name, nowSeconds() + s]));
    await expectRefused(await get(await target.key.sign({ ...validClaims(), ...moved })), errors);
  });

  it('K45 demands exp and nbf', async () => {
    const { exp, nbf, sub } = validClaims();
    await expectRefused(await get(await target.key.sign({ sub, nbf })), { exp: 'must be a number' });
    await expectRefused(await get(await target.key.sign({ sub, exp })), { nbf: 'must be a number' });
    await expectRefused(await get(await target.key.sign({ sub })), {
      exp: 'must be a number',
      nbf: 'must be a number',
    });
  });
});

describe('requests with a good token', () => {
  it('K47 passes the token on unchanged, with the identity of the issuer', async () => {
    const token = await target.key.sign(validClaims());
    const response = await get(token, {
      'x-consumer-username': 'intruso',
      'x-consumer-custom-id': 'intruso',
      'x-anonymous-consumer': 'true',
    });
    expect(response.status).toBe(200);
    const metadata = target.grpc.calls[0]?.metadata;
    expect(metadata?.get('authorization')).toEqual([`Bearer ${token}`]);
    expect(metadata?.get('x-consumer-username')).toEqual(['plataforma-auth']);
    expect(metadata?.get('x-credential-identifier')).toEqual([target.key.kid]);
    expect(metadata?.get('x-consumer-id')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(metadata?.get('x-consumer-custom-id')).toEqual([]);
    expect(metadata?.get('x-anonymous-consumer')).toEqual([]);
  });

  it('prefers a kid in the payload to the one in the header', async () => {
    const token = await target.key.sign({ ...validClaims(), kid: 'outra' });
    await expectRefused(await get(token), { message: "No credentials found for given 'kid'" });
  });

  it('K48 accepts two keys at once and forgets a removed one', async () => {
    const next = await createTestKey('chave-2');
    await target.useKeys([target.key, next]);
    await expectAccepted(target.key, next);
    await target.useKeys([next]);
    await expectAccepted(next);
    target.grpc.calls.length = 0;
    const message = "No credentials found for given 'kid'";
    await expectRefused(await get(await target.key.sign(validClaims())), { message });
    await target.useKeys([target.key]);
  });

  it.each([true, false])('K49 leaves a public route alone (with a token: %j)', async (withToken) => {
    const headers: Record<string, string> = { 'x-consumer-username': 'qualquer' };
    if (withToken) headers.authorization = 'Bearer lixo';
    const response = await fetch(`${target.baseUrl}/k/a1`, { headers });
    expect(response.status).toBe(200);
    expect(target.grpc.calls[0]?.metadata.get('x-consumer-username')).toEqual(['qualquer']);
  });
});

async function expectAccepted(...keys: readonly TestKey[]): Promise<void> {
  for (const key of keys) {
    expect((await get(await key.sign(validClaims()))).status).toBe(200);
  }
}

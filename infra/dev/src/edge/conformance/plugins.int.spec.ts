import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { sendPlain } from './plain-client.ts';

const ORIGIN = 'https://app.exemplo.com.br';

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.calls.length = 0;
  target.http.requests.length = 0;
});

describe('rate-limiting', () => {
  it('K58 answers 429 with the limit headers when the limit is hit', async () => {
    const answers: Response[] = [];
    // The window follows the clock: a minute may turn between two requests, but not twice.
    for (let sent = 0; sent < 6; sent += 1) answers.push(await fetch(`${target.baseUrl}/limitado/1`));
    const passed = answers.filter((answer) => answer.status === 200);
    const limited = answers.filter((answer) => answer.status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(passed.length).toBeGreaterThanOrEqual(2);
    expect(target.grpc.calls).toHaveLength(passed.length);
    expect(passed[0]?.headers.get('x-ratelimit-limit-minute')).toBe('2');
    expect(passed[0]?.headers.get('x-ratelimit-remaining-minute')).toBe('1');
    await expectLimited(limited[0]);
  });

  it('does not count requests that the gateway refuses itself', async () => {
    const response = await fetch(`${target.baseUrl}/limitado/1/2`);
    expect(response.status).toBe(400);
    expect(response.headers.has('x-ratelimit-limit-minute')).toBe(false);
  });
});

async function expectLimited(response: Response | undefined): Promise<void> {
  expect(await response?.json()).toEqual({
    message: 'API rate limit exceeded',
    request_id: expect.any(String),
  });
  const seconds = Number(response?.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(response?.headers.get('ratelimit-limit')).toBe('2');
  expect(response?.headers.get('ratelimit-remaining')).toBe('0');
  expect(response?.headers.get('ratelimit-reset')).toBe(response?.headers.get('retry-after'));
  expect(response?.headers.get('x-ratelimit-remaining-minute')).toBe('0');
}

describe('cors', () => {
  it('K61 answers a preflight itself, without a token', async () => {
    const response = await fetch(`${target.baseUrl}/protegido/1`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST,PUT,PATCH,DELETE,OPTIONS');
    expect(response.headers.get('access-control-allow-headers')).toBe('Authorization,Content-Type');
    expect(response.headers.get('access-control-max-age')).toBe('600');
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('K62 lets the gateway answer OPTIONS that is no preflight', async () => {
    const response = await fetch(`${target.baseUrl}/k/1`, { method: 'OPTIONS' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('OK');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST,PATCH,DELETE');
  });

  it.each([ORIGIN, 'https://outro.exemplo.com'])(
    'K63 always answers the configured origin (asked by %s)',
    async (origin) => {
      const response = await fetch(`${target.baseUrl}/k/1`, { headers: { origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(response.headers.get('access-control-expose-headers')).toBe('X-Request-Id');
      expect(response.headers.get('vary')).toBe('Origin');
    },
  );

  it('K63 marks errors too, so that a browser may read them', async () => {
    const response = await fetch(`${target.baseUrl}/protegido/1`, { headers: { origin: ORIGIN } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });
});

describe('correlation-id', () => {
  it('K64 keeps the id of the client on both sides', async () => {
    const response = await fetch(`${target.baseUrl}/k/1`, { headers: { 'x-request-id': 'meu-id' } });
    expect(response.headers.get('x-request-id')).toBe('meu-id');
    expect(target.grpc.calls[0]?.metadata.get('x-request-id')).toEqual(['meu-id']);
  });

  it('K64 answers with the first of two ids and passes both on', async () => {
    const asked = request(`${target.baseUrl}/k/1`, { headers: { 'x-request-id': ['um', 'dois'] } }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.headers['x-request-id']).toBe('um');
    expect(target.grpc.calls[0]?.metadata.get('x-request-id')).toEqual(['um, dois']);
  });

  it.each([{}, { 'x-request-id': '' }])('K64 makes an id when there is none: %j', async (headers) => {
    const response = await fetch(`${target.baseUrl}/k/1`, { headers });
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(target.grpc.calls[0]?.metadata.get('x-request-id')).toEqual([id]);
  });
});

describe('metadata', () => {
  it('carries the headers of the client, without those of its connection', async () => {
    await fetch(`${target.baseUrl}/k/1`, {
      headers: { 'idempotency-key': 'abc', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
    });
    const metadata = target.grpc.calls[0]?.metadata;
    expect(metadata?.get('idempotency-key')).toEqual(['abc']);
    expect(String(metadata?.get('traceparent')[0])).toContain('1'.repeat(32));
    expect(metadata?.get('x-forwarded-for')).toHaveLength(1);
    expect(metadata?.get('connection')).toEqual([]);
    expect(metadata?.get('host')).toEqual([]);
  });
});

describe('plain HTTP', () => {
  it('K66 passes Connect JSON unchanged in both directions', async () => {
    const body = '{ "espacoId" : "esp_1",\n "inicio":"2025-02-01T14:00:00.5Z" }';
    const response = await fetch(`${target.baseUrl}/connect.v1.Servico/Criar?x=%2f`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'connect-protocol-version': '1' },
      body,
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(body);
    const received = target.http.requests[0];
    expect(received?.url).toBe('/connect.v1.Servico/Criar?x=%2f');
    expect(received?.headers['connect-protocol-version']).toBe('1');
  });

  it('sends the path on as the router has understood it', async () => {
    const path = '/connect.v1.Servico/a//b/../%41%2f%20S%C3%A3o?x=%2f//y';
    expect(await sendPlain(target.baseUrl, { method: 'POST', path })).toMatchObject({ status: 200 });
    expect(target.http.requests[0]?.url).toBe('/connect.v1.Servico/a/A%2F%20S%C3%A3o?x=%2f//y');
  });

  it('K69 delivers the webhook byte for byte, with its signature', async () => {
    const body = Buffer.concat([
      Buffer.from('{  "id" :"evt_1",\r\n\t"x":"'),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(`${target.baseUrl}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=abc' },
      body,
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    const received = target.http.requests[0];
    expect(received?.body.equals(body)).toBe(true);
    expect(received?.headers['stripe-signature']).toBe('t=1,v1=abc');
  });

  it('answers 413 to a webhook above its own limit', async () => {
    const body = Buffer.alloc(512 * 1024 + 1, 0x20);
    const response = await fetch(`${target.baseUrl}/webhooks/stripe`, { method: 'POST', body });
    expect(response.status).toBe(413);
    expect(target.http.requests).toHaveLength(0);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '../upstream/scripted-upstream.ts';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { sendPlain } from './plain-client.ts';

const HTTP_BY_CODE: Record<number, number> = {
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 500,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};
const NAME_BY_CODE: Record<number, string> = {
  3: 'invalid_argument',
  5: 'not_found',
  6: 'already_exists',
  9: 'failed_precondition',
  10: 'aborted',
  14: 'unavailable',
  16: 'unauthenticated',
};

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
  target.grpc.calls.length = 0;
});

describe('requests that reach no method', () => {
  it.each(['/k/a1/', '/k/a/b/c'])('K07 answers 400 with a text to the unknown path %s', async (path) => {
    const response = await fetch(target.baseUrl + path);
    expect(response.status).toBe(400);
    expect(response.headers.has('content-type')).toBe(false);
    expect(await response.text()).toBe(`failed to transcode .proto file Unknown path "${path}"`);
  });

  it('K08 answers 400 with a text to a method without any rule', async () => {
    const response = await fetch(`${target.baseUrl}/k/a1`, { method: 'PUT' });
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('failed to transcode .proto file Unknown method "put"');
  });

  it('K09 answers 404 outside every route', async () => {
    const response = await fetch(`${target.baseUrl}/nada`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      message: 'no Route matched with those values',
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('K39 answers 500 when the proto is one that Kong cannot parse', async () => {
    const response = await fetch(`${target.baseUrl}/quebrado/1`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      message: 'An unexpected error occurred',
      request_id: expect.any(String),
    });
  });

  it('K68 answers 404 to JSON on a path that has only a gRPC route', async () => {
    const response = await fetch(`${target.baseUrl}/conformidade.k.Servico/Obter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('gRPC errors', () => {
  it.each(ERROR_CODES)('K50 maps code %i to its HTTP status with an empty body', async (code) => {
    target.grpc.script = { error: { code, message: 'não deu: 100%' } };
    const response = await fetch(`${target.baseUrl}/k/a1`);
    expect(response.status).toBe(HTTP_BY_CODE[code]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('grpc-status')).toBe(String(code));
    const message = response.headers.get('grpc-message') ?? '';
    expect(message).toContain('n%C3%A3o');
    expect(decodeURIComponent(message)).toBe('não deu: 100%');
    expect(await response.text()).toBe('');
  });

  it.each(ERROR_CODES)('K52 describes code %i in JSON under the post-function', async (code) => {
    const metadata = { 'x-erro-codigo': 'ESPACO_INDISPONIVEL' };
    target.grpc.script = { error: { code, message: 'não deu: "100%" em U+0000 + 1', metadata } };
    const response = await fetch(`${target.baseUrl}/k/a1`, { headers: { 'x-post-function': 'on' } });
    expect(response.status).toBe(HTTP_BY_CODE[code]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const body = (await response.json()) as { code: string };
    expect(body).toEqual({
      code: NAME_BY_CODE[code] ?? expect.stringMatching(/^[a-z_]+$/),
      message: 'não deu: "100%" em U+0000 + 1',
      reason: 'ESPACO_INDISPONIVEL',
      requestId: response.headers.get('x-request-id'),
      details: {},
    });
  });

  it('K52 gives the facts of a service as they are, and keeps their header to itself', async () => {
    const metadata = { 'x-erro-codigo': 'OCUPADO', 'x-erro-detalhes': '{"maximo":5,"datas":["2027-01-01"]}' };
    target.grpc.script = { error: { code: 6, message: 'ocupado', metadata } };
    const headers = { 'x-post-function': 'on', 'x-request-id': 'a"b' };
    const response = await fetch(`${target.baseUrl}/k/a1`, { headers });
    expect(response.headers.has('x-erro-detalhes')).toBe(false);
    expect(await response.json()).toMatchObject({
      requestId: 'a"b',
      details: { maximo: 5, datas: ['2027-01-01'] },
    });
  });

  it('K52 names the reason by the status when the service gives none', async () => {
    target.grpc.script = { error: { code: 14, message: '' } };
    const response = await fetch(`${target.baseUrl}/k/a1`, { headers: { 'x-post-function': 'on' } });
    expect(await response.json()).toMatchObject({ code: 'unavailable', reason: 'SERVICO_INDISPONIVEL' });
  });

  it.each([{}, { 'x-post-function': 'on' }])(
    'K51 answers 200 with an empty body when the status comes in trailers (%j)',
    async (headers) => {
      target.grpc.script = { statusInTrailers: true, error: { code: 6, message: 'perdido' } };
      const response = await fetch(`${target.baseUrl}/k/a1`, { headers });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('');
      expect(response.headers.has('grpc-status')).toBe(false);
    },
  );
});

describe('upstream failures', () => {
  it('K54 answers 502 when the upstream refuses the connection', async () => {
    const response = await fetch(`${target.baseUrl}/fechado/1`);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({
      message: 'An invalid response was received from the upstream server',
      request_id: expect.any(String),
    });
  });

  it('K55 answers 504 when the upstream stays silent past read_timeout', async () => {
    target.grpc.script = { silent: true };
    const startedAt = performance.now();
    const response = await fetch(`${target.baseUrl}/lento/1`);
    expect(response.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(await response.json()).toMatchObject({ message: 'The upstream server is timing out' });
  });
});

describe('large bodies', () => {
  const tooLarge = Buffer.alloc(1024 * 1024 + 1, 0x20);

  it('K56 answers 413 when the announced body is above the limit', async () => {
    const response = await post(tooLarge, { 'content-length': String(tooLarge.length) });
    expect(response.status).toBe(413);
    expect(JSON.parse(response.text)).toMatchObject({ message: 'Payload too large' });
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('K56 answers 413 when a body of unknown length passes the limit', async () => {
    const response = await post(tooLarge, { 'transfer-encoding': 'chunked' });
    expect(response.status).toBe(413);
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('K57 reads a body just below the limit', async () => {
    const body = JSON.stringify({ id: 'x'.repeat(1024 * 1024 - 100) });
    const response = await post(Buffer.from(body), { 'content-length': String(body.length) });
    expect(response.status).toBe(200);
    expect(target.grpc.calls[0]?.message.length).toBeGreaterThan(1_000_000);
  });

  function post(body: Buffer, headers: Record<string, string>) {
    // Without it a body of unknown length is answered in fewer words.
    const accepting = { accept: 'application/json', ...headers };
    return sendPlain(target.baseUrl, { path: '/k', method: 'POST', headers: accepting, body });
  }
});

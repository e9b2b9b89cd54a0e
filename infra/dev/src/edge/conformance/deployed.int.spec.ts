import { connect } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDeployed } from './deployed-target.ts';
import { type Http2Answer, sendHttp2 } from './http2-client.ts';
import { sendPlain } from './plain-client.ts';

/*
 * What a gateway before the platform answers by itself, to people without an account: nothing here reaches a service,
 * changes anything or uses up a limit of credentials.
 */

const REALM = 'Bearer realm="reservas"';
const NATIVE = '/reservas.v1.EspacosService/ListarEspacos';
const LOGIN = '/api/v1/auth/login';
const JSON_BODY = { 'content-type': 'application/json', accept: 'application/json' };
const UUID = /^[0-9a-f-]{36}$/;

let target: Awaited<ReturnType<typeof openDeployed>>;

beforeAll(async () => {
  target = await openDeployed();
});
afterAll(() => target?.close());

const send: (sent: Parameters<typeof sendPlain>[1]) => ReturnType<typeof sendPlain> = (sent) =>
  sendPlain(target.baseUrl, sent);

async function post(path: string, headers: Record<string, string>, body: string): Promise<Http2Answer> {
  const session = connect(target.baseUrl);
  try {
    return await sendHttp2(session, { ':method': 'POST', ':path': path, ...headers }, body);
  } finally {
    session.close();
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('a gateway before the platform', () => {
  it('has no route for what is not the platform', async () => {
    const answer = await send({ path: '/nada', headers: { accept: 'application/json' } });
    expect([answer.status, JSON.parse(answer.text).message]).toEqual([
      404,
      'no Route matched with those values',
    ]);
  });

  it('writes its errors in the form that is asked for', async () => {
    const answer = await send({ path: '/nada', headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it.each([
    ['no token', undefined, REALM, 'Unauthorized'],
    ['garbage', 'Bearer lixo', `${REALM} error="invalid_token"`, 'Bad token; invalid JSON'],
    [
      'a token that nobody has signed',
      `Bearer ${part({ alg: 'none', kid: 'x' })}.${part({})}.`,
      `${REALM} error="invalid_token"`,
      'Bad token; invalid alg',
    ],
    [
      'a key that nobody has published',
      `Bearer ${part({ alg: 'RS256', kid: 'nenhuma' })}.${part({})}.eA`,
      `${REALM} error="invalid_token"`,
      "No credentials found for given 'kid'",
    ],
  ])('lets nobody in with %s', async (_what, authorization, challenge, message) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const answer = await send({ path: '/api/v1/reservas', headers });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': challenge } });
    expect(JSON.parse(answer.text)).toEqual({ message });
  });

  it.each([
    ['{"email":', 'decode json err: Expected value but found T_END at character 10'],
    ['{"email":1}', 'failed to encode payload'],
    ['[', 'decode json err: Expected value but found T_END at character 2'],
    ['1', 'body must be a table'],
  ])('refuses the body %s', async (body, text) => {
    const headers = { ...JSON_BODY, 'content-length': body.length };
    expect(await send({ method: 'POST', path: LOGIN, headers, body })).toMatchObject({ status: 400, text });
  });

  it('takes its own refusals over HTTP/2 for those of gRPC', async () => {
    const { headers, text } = await post(LOGIN, JSON_BODY, '{"email":1}');
    expect(headers[':status']).toBe(400);
    expect(JSON.parse(text)).toEqual({ code: 'invalid_argument', message: 'failed to encode payload' });
  });

  it('answers preflights itself', async () => {
    const origin = 'https://app.exemplo.com';
    const headers = { origin, 'access-control-request-method': 'POST' };
    const answer = await send({ method: 'OPTIONS', path: '/api/v1/reservas', headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-methods']).toBe('GET,POST,PUT,PATCH,DELETE,OPTIONS');
    expect(answer.headers['access-control-allow-origin']).not.toBe('*');
  });

  it('gives every request an id, or keeps the one it has', async () => {
    expect((await send({ path: '/nada' })).headers['x-request-id']).toMatch(UUID);
    const named = await send({ path: '/nada', headers: { 'x-request-id': 'meu-id' } });
    expect(named.headers['x-request-id']).toBe('meu-id');
  });

  it.each([
    ['TRACE', { path: '/', method: 'TRACE' }, 405],
    ['a broken percent-escape', { path: '/%zz' }, 400],
    ['two Authorization headers', { path: '/', headers: { authorization: ['a', 'b'] } }, 400],
    ['an address above 8 KB', { path: `/${'x'.repeat(8200)}` }, 414],
    ['a header above 8 KB', { path: '/', headers: { 'x-longo': 'x'.repeat(8200) } }, 400],
    [
      'a body above 1 MB',
      { path: LOGIN, method: 'POST', headers: { 'content-length': 1024 * 1024 + 1 } },
      413,
    ],
    ['a path that is no UTF-8', { path: '/api/v1/reservas/%FF' }, 404],
  ])('refuses %s', async (_what, sent, status) => {
    expect(await send(sent)).toMatchObject({ status });
  });

  it.each([
    ['16 to a call without a token', NATIVE, '16', 401],
    ['5 to a service without a route', '/nada.v1.Servico/Nada', '5', 404],
  ])('tells native gRPC %s', async (_what, path, code, status) => {
    const { headers } = await post(path, { 'content-type': 'application/grpc' }, '');
    expect([headers[':status'], headers['grpc-status']]).toEqual([status, code]);
  });

  it('speaks native gRPC over HTTP/2 only', async () => {
    const headers = { 'content-type': 'application/grpc' };
    expect(await send({ method: 'POST', path: NATIVE, headers })).toMatchObject({ status: 426 });
  });
});

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
const JSON_TYPE = 'application/json; charset=utf-8';
const SENTENCE = /^\p{Lu}.+\.$/u;
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

/** The one body of errors, as the gateway gives it for what it refuses itself. */
function problem(code: string, reason: string): object {
  const words = { message: expect.stringMatching(SENTENCE), requestId: expect.stringMatching(UUID) };
  return { code, reason, details: {}, ...words };
}

describe('a gateway before the platform', () => {
  it.each([{}, { accept: 'application/json' }, { accept: 'text/html' }, { accept: 'text/plain' }])(
    'has no route for what is not the platform, and says so in JSON (%j)',
    async (headers) => {
      const answer = await send({ path: '/nada', headers });
      expect([answer.status, answer.headers['content-type']]).toEqual([404, JSON_TYPE]);
      expect(JSON.parse(answer.text)).toEqual(problem('not_found', 'ROTA_INEXISTENTE'));
      expect(JSON.parse(answer.text).requestId).toBe(answer.headers['x-request-id']);
    },
  );

  it.each([
    ['no token', undefined, REALM, 'NAO_AUTENTICADO'],
    ['garbage', 'Bearer lixo', `${REALM} error="invalid_token"`, 'TOKEN_INVALIDO'],
    [
      'a token that nobody has signed',
      `Bearer ${part({ alg: 'none', kid: 'x' })}.${part({})}.`,
      `${REALM} error="invalid_token"`,
      'TOKEN_INVALIDO',
    ],
    [
      'a key that nobody has published',
      `Bearer ${part({ alg: 'RS256', kid: 'nenhuma' })}.${part({})}.eA`,
      `${REALM} error="invalid_token"`,
      'TOKEN_INVALIDO',
    ],
  ])('lets nobody in with %s', async (_what, authorization, challenge, reason) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const answer = await send({ path: '/api/v1/reservas', headers });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': challenge } });
    expect(JSON.parse(answer.text)).toEqual(problem('unauthenticated', reason));
  });

  it.each([
    ['{"email":', 'CORPO_ILEGIVEL'],
    ['[', 'CORPO_ILEGIVEL'],
    ['1', 'CORPO_ILEGIVEL'],
    ['{"email":1}', 'REQUISICAO_INVALIDA'],
  ])('refuses the body %s, by HTTP/2 as well', async (body, reason) => {
    const headers = { ...JSON_BODY, 'content-length': body.length };
    const answer = await send({ method: 'POST', path: LOGIN, headers, body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, problem('invalid_argument', reason)]);
    const second = await post(LOGIN, JSON_BODY, body);
    expect([second.headers[':status'], JSON.parse(second.text)]).toEqual([
      400,
      problem('invalid_argument', reason),
    ]);
  });

  it.each([
    ['GET', LOGIN, 'POST'],
    ['DELETE', `${LOGIN}/`, 'POST'],
    ['PUT', '/.well-known/jwks.json', 'GET, HEAD'],
    ['GET', '/api/v1/webhooks/stripe', 'POST'],
    ['PATCH', NATIVE, 'GET, POST'],
    ['PUT', '/api/v1/espacos/e1', 'GET, PATCH, DELETE'],
    ['HEAD', '/api/v1/espacos', 'GET, POST'],
  ])('tells %s %s what the path takes', async (method, path, allow) => {
    const answer = await send({ method, path });
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    expect(answer.headers['x-erro-codigo']).toBe('METODO_NAO_PERMITIDO');
    if (method === 'HEAD') return;
    expect(JSON.parse(answer.text)).toEqual({
      ...problem('invalid_argument', 'METODO_NAO_PERMITIDO'),
      ...(path === NATIVE && { details: [] }),
    });
  });

  it.each(['/api/v1/reservas/a/b/c/d', '/api/v1/auth/nada', '/api/v1/auth'])(
    'has nothing at %s, whoever asks',
    async (path) => {
      const answer = await send({ path });
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([404, undefined]);
    },
  );

  it.each(['/api/v1/reservas/', '/api/v1/espacos/e1/disponibilidade/'])(
    'takes the slash at the end of %s for none',
    async (path) => {
      expect((await send({ path })).status).toBe(401);
    },
  );

  it('tells Connect what it refuses with details in a list, as that protocol has them', async () => {
    const answer = await send({ method: 'POST', path: NATIVE, headers: JSON_BODY, body: '{}' });
    expect(answer.headers['x-erro-codigo']).toBe('NAO_AUTENTICADO');
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'unauthenticated',
      reason: 'NAO_AUTENTICADO',
      details: [],
    });
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
    expect(JSON.parse(named.text).requestId).toBe('meu-id');
  });

  it.each([
    ['TRACE', { path: LOGIN, method: 'TRACE' }, 405, 'invalid_argument', 'METODO_NAO_PERMITIDO'],
    ['a broken percent-escape', { path: '/%zz' }, 400, 'invalid_argument', 'REQUISICAO_INVALIDA'],
    [
      'two Authorization headers',
      { path: '/', headers: { authorization: ['a', 'b'] } },
      400,
      'invalid_argument',
      'REQUISICAO_INVALIDA',
    ],
    [
      'an address above 8 KB',
      { path: `/${'x'.repeat(8200)}` },
      414,
      'invalid_argument',
      'ENDERECO_GRANDE_DEMAIS',
    ],
    [
      'a header above 8 KB',
      { path: '/', headers: { 'x-longo': 'x'.repeat(8200) } },
      400,
      'invalid_argument',
      'CABECALHO_GRANDE_DEMAIS',
    ],
    [
      'a body above 1 MB',
      { path: LOGIN, method: 'POST', headers: { 'content-length': 1024 * 1024 + 1 } },
      413,
      'resource_exhausted',
      'MENSAGEM_GRANDE_DEMAIS',
    ],
    ['a path that is no UTF-8', { path: '/api/v1/reservas/%FF' }, 404, 'not_found', 'ROTA_INEXISTENTE'],
  ])('refuses %s', async (_what, sent, status, code, reason) => {
    const answer = await send(sent);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, JSON_TYPE]);
    expect(JSON.parse(answer.text)).toEqual(problem(code, reason));
  });

  it.each([
    ['16 to a call without a token', NATIVE, '16', 401, 'NAO_AUTENTICADO'],
    ['5 to a service without a route', '/nada.v1.Servico/Nada', '5', 404, 'ROTA_INEXISTENTE'],
  ])('tells native gRPC %s', async (_what, path, code, status, reason) => {
    const { headers } = await post(path, { 'content-type': 'application/grpc' }, '');
    expect([headers[':status'], headers['grpc-status']]).toEqual([status, code]);
    expect(headers['x-erro-codigo']).toBe(reason);
    expect(decodeURIComponent(String(headers['grpc-message']))).toMatch(SENTENCE);
  });

  it('speaks native gRPC over HTTP/2 only', async () => {
    const headers = { 'content-type': 'application/grpc' };
    const answer = await send({ method: 'POST', path: NATIVE, headers });
    expect([answer.status, JSON.parse(answer.text).reason]).toEqual([426, 'HTTP2_NECESSARIO']);
  });
});

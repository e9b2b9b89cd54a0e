import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { rpcError } from '../errors/errors.ts';
import {
  type HttpRequest,
  type HttpResponse,
  type HttpRoute,
  routeTable,
  serveRoute,
} from './http-routes.ts';

/** A request whose body the spec sends. */
class Request extends EventEmitter {
  readonly headers: Record<string, string>;
  readonly url: string | undefined;
  errored: Error | null = null;
  readonly socket = { remoteAddress: '192.0.2.7' };
  resumed = 0;

  constructor(headers: Record<string, string>, url?: string) {
    super();
    this.headers = headers;
    this.url = url;
  }

  resume(): void {
    this.resumed += 1;
  }

  breaks(error: Error): void {
    this.errored = error;
    this.emit('error', error);
  }
}

/** An answer that the spec reads. */
class Response {
  status: number | undefined;
  headers: unknown;
  body: unknown;
  headersSent = false;
  destroyed = false;

  writeHead(status: number, headers: unknown): void {
    Object.assign(this, { status, headers, headersSent: true });
  }

  end(body: unknown): void {
    this.body = body;
  }

  goesAway(): void {
    this.destroyed = true;
  }
}

describe('serveRoute', () => {
  let logged: { level: string; msg: string }[];
  let response: Response;
  let asked: HttpRequest | undefined;

  beforeEach(() => {
    logged = [];
    asked = undefined;
    response = new Response();
  });

  function serve(
    request: Request,
    handle: (request: HttpRequest) => Promise<HttpResponse> = async () => ({ status: 204 }),
    options: Partial<HttpRoute> = {},
  ): Promise<void> {
    const route: HttpRoute = {
      method: 'POST',
      path: '/rota',
      acesso: 'PUBLICO',
      async handle(given) {
        asked = given;
        return handle(given);
      },
      ...options,
    };
    const formatters = { level: (level: string) => ({ level }) };
    const logger = pino({ formatters }, { write: (line) => void logged.push(JSON.parse(line)) });
    return serveRoute(
      { route, rest: 'resto' },
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse,
      logger,
    );
  }

  function sent(body: string, headers: Record<string, string> = {}, url?: string): Request {
    const request = new Request(headers, url);
    setImmediate(() => {
      request.emit('data', Buffer.from(body));
      request.emit('end');
    });
    return request;
  }

  it('hands over what was asked, and sends what is answered with its length', async () => {
    await serve(sent('corpo', { a: 'b' }, '/rota?x=1&y=?2'), async () => ({
      status: 201,
      headers: { 'x-a': '1' },
      body: 'é',
    }));
    expect(asked).toMatchObject({
      headers: { a: 'b' },
      rest: 'resto',
      body: Buffer.from('corpo'),
      peer: '192.0.2.7',
    });
    expect([...(asked?.query ?? [])]).toEqual([
      ['x', '1'],
      ['y', '?2'],
    ]);
    expect(response).toMatchObject({ status: 201, headers: { 'x-a': '1', 'content-length': 2 }, body: 'é' });
    expect(logged).toEqual([]);
  });

  it('asks nothing where nothing is asked', async () => {
    await serve(sent(''));
    expect([...(asked?.query ?? [])]).toEqual([]);
    expect(response).toMatchObject({ status: 204, headers: { 'content-length': 0 } });
  });

  it('answers 304 without a length', async () => {
    await serve(sent(''), async () => ({ status: 304 }));
    expect(response).toMatchObject({ status: 304, headers: {} });
    expect(response.headers).toEqual({});
  });

  it.each([
    ['4 KiB', {}, 4_096],
    ['what the route says', { maxBytes: 10 }, 10],
  ])('takes %s and no more', async (_, options, most) => {
    await serve(sent('a'.repeat(most)), undefined, options);
    expect(response.status).toBe(204);
    response = new Response();
    asked = undefined;
    const large = sent('a'.repeat(most + 1));
    await serve(large, undefined, options);
    expect([response.status, asked, large.resumed]).toEqual([413, undefined, 1]);
    expect(large.listenerCount('data')).toBe(0);
    expect(JSON.parse(String(response.body))).toMatchObject({
      code: 'resource_exhausted',
      reason: 'MENSAGEM_GRANDE_DEMAIS',
    });
  });

  it('believes the length that a request tells, and reads nothing of a larger one', async () => {
    const large = new Request({ 'content-length': '4097' });
    await serve(large);
    expect([response.status, large.resumed]).toEqual([413, 1]);
    response = new Response();
    await serve(sent('a', { 'content-length': '4096' }));
    expect(response.status).toBe(204);
  });

  it('answers and logs nothing when its handler fails after the client has gone', async () => {
    await serve(sent('a'), async () => {
      response.goesAway();
      throw new Error('no client is left');
    });
    expect([response.status, logged]).toEqual([undefined, []]);
  });

  it('takes a client that goes away in the middle of its body for no failure', async () => {
    const request = new Request({});
    const serving = serve(request);
    request.emit('data', Buffer.from('a'));
    request.breaks(new Error('aborted'));
    await serving;
    expect([response.status, asked, logged]).toEqual([undefined, undefined, []]);
  });

  it('logs a refusal as one, and a fault of its own as one', async () => {
    await serve(sent(''), async () => {
      throw rpcError(Code.NotFound, 'SEM_NADA', 'Não existe.');
    });
    expect(response.status).toBe(404);
    expect(logged).toEqual([
      expect.objectContaining({ level: 'warn', path: '/rota', code: 'not_found', motivo: 'SEM_NADA' }),
    ]);
    response = new Response();
    await serve(sent(''), async () => {
      throw new TypeError('no');
    });
    expect(response.status).toBe(500);
    expect(logged[1]).toMatchObject({ level: 'error', msg: 'http route failed unexpectedly', path: '/rota' });
  });

  it.each([
    ['tells of an answer that broke off', new Error('the database is away'), 1],
    [
      'takes a client that reads no further for no failure',
      Object.assign(new Error('gone'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }),
      0,
    ],
  ])('%s', async (_, error, lines) => {
    await serve(sent(''), async () => {
      response.writeHead(200, {});
      throw error;
    });
    expect(response).toMatchObject({ status: 200, body: undefined });
    expect(logged).toHaveLength(lines);
  });
});

describe('routeTable', () => {
  const route = (method: 'GET' | 'POST', path: string): HttpRoute => ({
    ...{ method, path, acesso: 'PUBLICO', handle: async () => ({ status: 204 }) },
  });
  const routes = [route('GET', '/a'), route('GET', '/a/*'), route('GET', '/a/exata'), route('POST', '/a')];
  const find = routeTable(routes);

  it.each([
    ['GET', '/a', 0, ''],
    ['HEAD', '/a', 0, ''],
    ['POST', '/a', 3, ''],
    ['GET', '/a/exata', 2, ''],
    ['GET', '/a/outra', 1, 'outra'],
    ['HEAD', '/a/outra', 1, 'outra'],
    ['GET', '/a/', 1, ''],
  ])('finds %s %s', (method, path, index, rest) => {
    expect(find(method, path)).toEqual({ route: routes[index], rest });
  });

  it.each([
    ['DELETE', '/a'],
    ['POST', '/a/outra'],
    ['GET', '/b'],
    ['GET', '/a/b/c'],
    ['GET', ''],
  ])('finds nothing for %s %s', (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });
});

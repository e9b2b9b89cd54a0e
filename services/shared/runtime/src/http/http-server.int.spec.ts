import { connect } from 'node:net';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gauge } from 'prom-client';
import { type Listeners, startListeners } from '../../test/listeners.ts';
import { rpcError } from '../errors/errors.ts';

describe('the HTTP listener', () => {
  let listeners: Listeners;

  beforeAll(async () => {
    listeners = await startListeners({
      routes: [
        {
          method: 'POST',
          acesso: 'PUBLICO',
          path: '/webhook',
          maxBytes: 10,
          handle: async ({ body, headers }) => ({
            status: 202,
            headers: { 'x-assinatura': String(headers['stripe-signature']) },
            body: body.toString('hex'),
          }),
        },
        {
          method: 'GET',
          acesso: 'PUBLICO',
          path: '/recusa',
          handle: async () => {
            throw rpcError(Code.InvalidArgument, 'ASSINATURA_INVALIDA', 'Assinatura inválida.');
          },
        },
        {
          method: 'GET',
          acesso: 'PUBLICO',
          path: '/segredos/*',
          handle: async ({ rest, headers }) => {
            if (rest === 'nenhum') throw rpcError(Code.NotFound, 'SEM_SEGREDO', 'Não existe.');
            return {
              status: headers['if-none-match'] ? 304 : 200,
              body: headers['if-none-match'] ? '' : rest,
            };
          },
        },
        {
          method: 'GET',
          acesso: 'PUBLICO',
          path: '/segredos/aberto',
          handle: async ({ rest }) => ({ status: 200, body: `exato${rest}` }),
        },
        {
          method: 'GET',
          acesso: 'PUBLICO',
          path: '/defeito',
          handle: async () => {
            throw new Error('segredo do banco');
          },
        },
      ],
    });
  });

  afterAll(() => listeners.close());

  const url = (path: string) => `http://127.0.0.1:${listeners.httpPort}${path}`;
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url(path), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('tells that the process is alive', async () => {
    const response = await fetch(url('/healthz'));
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('is ready only while it serves and every check passes', async () => {
    let failing = false;
    listeners.health.addCheck('postgres', async () => {
      if (failing) throw new Error('connection refused');
    });
    const read = async () => {
      const response = await fetch(url('/readyz'));
      return [response.status, await response.json()];
    };
    expect(await read()).toEqual([200, { status: 'ok', checks: { postgres: 'ok' } }]);
    failing = true;
    expect(await read()).toEqual([
      503,
      { status: 'unavailable', checks: { postgres: 'connection refused' } },
    ]);
    failing = false;
    listeners.health.setServing(false);
    expect(await read()).toEqual([503, { status: 'unavailable', checks: { postgres: 'ok' } }]);
    listeners.health.setServing(true);
  });

  it('exposes calls and process metrics to Prometheus', async () => {
    await post('/teste.v1.EcoService/Ler', '"x"');
    const response = await fetch(url('/metrics'));
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(text).toMatch(
      /rpc_server_requests_total\{service="teste.v1.EcoService",method="Ler",code="ok",servico="teste"\} [1-9]/,
    );
    expect(text).toContain('rpc_server_duration_seconds_bucket{le="0.002"');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('exposes the other metrics when one cannot be read', async () => {
    const { registry } = listeners.metrics;
    const unread = () => Promise.reject(new Error('connection refused'));
    new Gauge({ name: 'sem_banco', help: 'x', registers: [registry], collect: unread });
    const response = await fetch(url('/metrics'));
    const text = await response.text();
    expect([response.status, text.match(/.*sem_banco.*/g)]).toEqual([200, ['# sem_banco could not be read']]);
    expect(text).toContain('process_cpu_seconds_total');
    registry.removeSingleMetric('sem_banco');
  });

  it('hands over the last segment of an open path, which no log line repeats', async () => {
    const read = async (path: string) => {
      const response = await fetch(url(path));
      return [response.status, response.status === 200 ? await response.text() : ''];
    };
    expect(await read('/segredos/a.b?x=1')).toEqual([200, 'a.b']);
    expect(await read('/segredos/aberto')).toEqual([200, 'exato']);
    expect(await read('/segredos/a/b')).toEqual([404, '']);
    expect(await read('/segredos/nenhum')).toEqual([404, '']);
    const logged = listeners.logs.filter(({ msg }) => msg === 'http route failed');
    expect(logged.map(({ path, motivo }) => [path, motivo])).toContainEqual(['/segredos/*', 'SEM_SEGREDO']);
    expect(JSON.stringify(listeners.logs)).not.toContain('nenhum');
  });

  it('tells of refusals of one kind once, however many there are', async () => {
    const before = listeners.logs.length;
    for (let n = 0; n < 20; n += 1) await (await fetch(url('/segredos/nenhum'))).text();
    expect(listeners.logs.slice(before).filter(({ msg }) => msg === 'http route failed').length).toBeLessThan(
      2,
    );
  });

  it('answers 304 without a length', async () => {
    const response = await fetch(url('/segredos/x'), { headers: { 'if-none-match': '"1"' } });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      304,
      null,
      '',
    ]);
  });

  it.each([
    [
      'malformed JSON',
      '{"email": ',
      'O corpo da requisição não corresponde ao contrato desta operação.',
      ['google.rpc.ErrorInfo', 'google.rpc.RequestInfo'],
    ],
    [
      'a wrong type',
      '{"email": 7}',
      'Requisição inválida: email deve ser um texto.',
      ['google.rpc.ErrorInfo', 'google.rpc.RequestInfo', 'google.protobuf.Struct', 'buf.validate.Violations'],
    ],
  ])('answers 400 with a reason to %s', async (_, body, message, details) => {
    const response = await post('/teste.v1.EcoService/Entrar', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-erro-codigo')).toBe('REQUISICAO_INVALIDA');
    expect(await response.json()).toMatchObject({
      code: 'invalid_argument',
      message,
      details: details.map((type) => expect.objectContaining({ type })),
    });
  });

  it('answers 400, and nothing from inside, to bytes that are no message', async () => {
    const response = await post('/teste.v1.EcoService/Entrar', 'xxxxxxx', {
      'content-type': 'application/proto',
    });
    expect([response.status, response.headers.get('x-erro-codigo')]).toEqual([400, 'REQUISICAO_INVALIDA']);
  });

  it('refuses the character that no database stores', async () => {
    const response = await post('/teste.v1.EcoService/Ler', '"a\\u0000b"');
    expect([response.status, response.headers.get('x-erro-codigo')]).toEqual([400, 'REQUISICAO_INVALIDA']);
  });

  it.each([
    ['/teste.v1.EcoService/Ler', 429],
    ['/webhook', 413],
  ])(
    'reads a body over the limit to its end, so that its sender sees the answer, at %s',
    async (path, status) => {
      const attempts = Array.from({ length: 5 }, () => post(path, `"${'a'.repeat(12 * 1024 * 1024)}"`));
      for (const response of await Promise.all(attempts)) {
        expect(response.status).toBe(status);
        expect(response.headers.get('connection')).toBe('keep-alive');
        expect(await response.text()).toContain('resource_exhausted');
      }
    },
  );

  it('reads what is left of a body that tells no length, and answers what comes behind it', async () => {
    const socket = connect(listeners.httpPort, '127.0.0.1');
    const head = 'POST /teste.v1.EcoService/Ler HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    for (let chunk = 0; chunk < 40; chunk += 1) socket.write(`10000\r\n${'a'.repeat(0x10000)}\r\n`);
    socket.end(`0\r\n\r\n${head}connection: close\r\ncontent-length: 3\r\n\r\n"a"`);
    const answers = Buffer.concat(await socket.toArray()).toString();
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 429', 'HTTP/1.1 200']);
  });

  it('lets no browser take an answer for something else than it says', async () => {
    const answers = [fetch(url('/healthz')), fetch(url('/nada')), post('/teste.v1.EcoService/Ler', '"x"')];
    for (const { headers } of await Promise.all(answers))
      expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers 415 to a body that is neither JSON nor protobuf', async () => {
    expect((await post('/teste.v1.EcoService/Ler', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('reads a method without side effects by GET', async () => {
    const response = await fetch(url('/teste.v1.EcoService/Ler?encoding=json&message=%22oi%22'));
    expect(await response.json()).toBe('oi');
  });

  it('hands a plain route the raw bytes and headers', async () => {
    const response = await post('/webhook', '{ "a":1}', { 'stripe-signature': 't=1' });
    expect([response.status, await response.text()]).toEqual([202, Buffer.from('{ "a":1}').toString('hex')]);
    expect(response.headers.get('x-assinatura')).toBe('t=1');
  });

  it('answers 413 when the body of a plain route is too large, with or without a length', async () => {
    expect((await post('/webhook', 'a'.repeat(11))).status).toBe(413);
    const chunked = new ReadableStream({
      start(controller) {
        for (let index = 0; index < 3; index += 1) controller.enqueue(Buffer.from('aaaaaa'));
        controller.close();
      },
    });
    const response = await fetch(url('/webhook'), {
      method: 'POST',
      body: chunked,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ reason: 'MENSAGEM_GRANDE_DEMAIS' });
  });

  it('maps what a plain route throws to a status and a JSON body', async () => {
    const refused = await fetch(url('/recusa'));
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        ...{ code: 'invalid_argument', message: 'Assinatura inválida.', reason: 'ASSINATURA_INVALIDA' },
        ...{ requestId: refused.headers.get('x-request-id'), details: {} },
      },
    ]);
    const broken = await fetch(url('/defeito'));
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('segredo');
  });

  it.each([
    ['/nada', 'not_found', {}],
    ['/teste.v1.EcoService/Nenhum', 'unimplemented', []],
    ['/grpc.health.v1.Health/Check', 'unimplemented', []],
  ])('answers 404 at %s', async (path, code, details) => {
    const response = await post(path, '{}');
    const requestId = response.headers.get('x-request-id');
    const problem = { code, reason: 'ROTA_INEXISTENTE', message: expect.any(String), requestId, details };
    expect([response.status, await response.json()]).toEqual([404, problem]);
  });

  it('takes a slash at the end of a path for none', async () => {
    expect((await fetch(url('/healthz/'))).status).toBe(200);
  });

  it.each([
    ['another method', { method: 'PUT' }, 405, 'METODO_NAO_PERMITIDO'],
    ['a body of another kind', { headers: { 'content-type': 'text/plain' } }, 415, 'TIPO_NAO_SUPORTADO'],
  ])('tells who comes to an RPC with %s', async (_, init, status, reason) => {
    const response = await fetch(url('/teste.v1.EcoService/Entrar'), { method: 'POST', body: 'x', ...init });
    expect([response.status, await response.json()]).toEqual([
      status,
      expect.objectContaining({ reason, requestId: response.headers.get('x-request-id'), details: [] }),
    ]);
  });

  it.each(['HTTP/1.1\r\nhost: a[b', 'HTTP/1.1\r\nhost: localhost:99999', 'HTTP/1.0'])(
    'answers, whatever its client calls it: %j',
    async (name) => {
      const socket = connect(listeners.httpPort, '127.0.0.1');
      const head = `POST /teste.v1.EcoService/Ler ${name}\r\ncontent-type: application/json\r\nconnection: close`;
      socket.end(`${head}\r\ncontent-length: 3\r\n\r\n"a"`);
      expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    },
  );

  it('does not speak native gRPC', async () => {
    const response = await post('/teste.v1.EcoService/Ler', '', { 'content-type': 'application/grpc' });
    expect(response.status).toBe(415);
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { failureOf } from '../../test/failure-of.ts';
import { healthClient } from '../../test/health-client.ts';
import { type Listeners, startListeners } from '../../test/listeners.ts';
import { rawCall, text } from '../../test/raw-grpc.ts';
import { rpcError } from '../errors/errors.ts';
import { Health } from '../rpc/health.ts';
import { startGrpcServer } from './grpc-server.ts';

const run = promisify(execFile);
const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');

describe('the grpc listener', () => {
  let listeners: Listeners;

  beforeAll(async () => {
    listeners = await startListeners({
      impl: {
        ler({ value }, { responseHeader, responseTrailer }) {
          responseHeader.set('x-http-code', '201');
          responseTrailer.set('x-depois', 'fim');
          if (value === 'ocupado')
            throw rpcError(Code.AlreadyExists, 'ESPACO_INDISPONIVEL', 'Já há reserva às 9h.');
          if (value === 'grande') return { value: 'a'.repeat(4 * 1024 * 1024 + 1) };
          return { value };
        },
      },
    });
  });

  afterAll(() => listeners.close());

  it('answers an error in one HEADERS frame that ends the stream', async () => {
    const frames = await rawCall(listeners.grpcPort, 'Ler', text('ocupado'));
    expect(frames.endedWithHeaders).toBe(true);
    expect(frames.data).toHaveLength(0);
    expect(frames.trailers).toBeUndefined();
    expect(frames.headers).toMatchObject({
      ':status': 200,
      'grpc-status': '6',
      'grpc-message': encodeURI('Já há reserva às 9h.'),
      'x-erro-codigo': 'ESPACO_INDISPONIVEL',
      'x-depois': 'fim',
    });
    expect(frames.headers['x-http-code']).toBeUndefined();
    expect(frames.headers['grpc-status-details-bin']).toEqual(expect.any(String));
  });

  it.each([
    ['an unauthenticated call', 'Gravar', text('x'), '16'],
    ['a method that does not exist', 'Nenhum', text('x'), '12'],
    ['bytes that are not the message', 'Ler', Buffer.from([0x0a, 0xff]), '3'],
    ['a message over the limit', 'Ler', text('a'.repeat(1024 * 1024 + 1)), '8'],
    ['a reply over the limit', 'Ler', text('grande'), '8'],
    [
      'a stream that fails before its first message',
      '/grpc.health.v1.Health/Watch',
      Buffer.from([0x0a, 0xff]),
      '3',
    ],
  ])('answers trailers-only to %s', async (_, method, message, status) => {
    const frames = await rawCall(listeners.grpcPort, method, message);
    expect(frames.headers['grpc-status']).toBe(status);
    expect(frames.endedWithHeaders).toBe(true);
  });

  it('sends headers together with the reply and trailers after it when a call succeeds', async () => {
    const frames = await rawCall(listeners.grpcPort, 'Ler', text('oi'), { 'x-request-id': 'r1' });
    expect(frames.headers).toMatchObject({ 'x-http-code': '201', 'x-request-id': 'r1' });
    expect(frames.headers['grpc-status']).toBeUndefined();
    expect(frames.data.subarray(5)).toEqual(Buffer.from(text('oi')));
    expect(frames.trailers).toMatchObject({ 'grpc-status': '0', 'x-depois': 'fim' });
  });

  it('lets buf curl list and call services without a schema', async () => {
    const url = `http://127.0.0.1:${listeners.grpcPort}`;
    const curl = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge'];
    const list = await run(buf, [...curl, '--list-services', url]);
    expect(list.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'teste.v1.EcoService',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
      ]),
    );
    const data = '{"email": "ana@exemplo.com", "password": "uma senha longa"}';
    const call = await run(buf, [...curl, '--data', data, `${url}/teste.v1.EcoService/Entrar`]);
    expect(JSON.parse(call.stdout)).toBe('ana@exemplo.com');
  });
});

describe('the health service', () => {
  let listeners: Listeners;

  beforeAll(async () => {
    listeners = await startListeners();
  });

  afterAll(() => listeners.close());

  it('tells the status of the server and of each service, and of changes to a watcher', async () => {
    const health = healthClient(listeners.grpcPort);
    const watched: number[] = [];
    for await (const { status } of health.watch({ service: 'teste.v1.EcoService' })) {
      watched.push(status);
      if (watched.length === 3) break;
      listeners.health.setServing(watched.length === 2);
    }
    expect(watched).toEqual([1, 2, 1]);
    expect((await health.check({})).status).toBe(1);
    listeners.health.setServing(false);
    expect((await health.check({ service: 'teste.v1.EcoService' })).status).toBe(2);
    expect(await failureOf(health.check({ service: 'outro' }))).toMatchObject({ code: 'NotFound' });
    health.close();
  });
});

describe('closing the grpc listener', () => {
  it('lets a call in flight finish, ends watchers and refuses new calls', async () => {
    let release: () => void = () => undefined;
    const started = Promise.withResolvers<void>();
    const listeners = await startListeners({
      impl: {
        async ler({ value }) {
          started.resolve();
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return { value };
        },
      },
    });
    const health = healthClient(listeners.grpcPort);
    const watched: number[] = [];
    const watching = (async () => {
      for await (const { status } of health.watch({})) watched.push(status);
    })();
    const inFlight = listeners.grpc.ler({ value: 'devagar' });
    await started.promise;
    await eventually(() => expect(watched).toEqual([1]));
    const closed = listeners.closeGrpc();
    expect(listeners.health.isServing()).toBe(false);
    // Long before the call in flight is over, which the listener waits for.
    expect(await failureOf(watching)).toMatchObject({
      code: 'Unavailable',
      message: 'the server is closing',
    });
    release();
    expect((await inFlight).value).toBe('devagar');
    await closed;
    expect(await failureOf(listeners.grpc.ler({ value: 'tarde' }))).toMatchObject({ code: 'Unavailable' });
    health.close();
    await Promise.all([listeners.closeHttp(), listeners.issuer.close()]);
    listeners.grpc.close();
  });

  it('ends also a watcher whose request is there only when it closes', async () => {
    const listeners = await startListeners();
    const session = http2.connect(`http://127.0.0.1:${listeners.grpcPort}`);
    await once(session, 'connect');
    const watch = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Watch',
      'content-type': 'application/grpc',
    });
    // Answered after all that was sent before it has been read.
    await promisify((done: (err: Error | null) => void) => session.ping(done))();
    const closed = listeners.closeGrpc();
    watch.end(Buffer.alloc(5));
    const [headers] = await once(watch, 'response');
    expect(headers['grpc-status']).toBe('14');
    session.close();
    await closed;
    await listeners.close();
  });

  it('names the address when the port is taken', async () => {
    const listeners = await startListeners();
    const { logs: _, ...taken } = listeners;
    const second = startGrpcServer({
      host: '127.0.0.1',
      port: taken.grpcPort,
      services: [],
      interceptors: [],
      health: new Health(),
      reflection: false,
      logger: { info: () => undefined } as never,
    });
    await expect(second).rejects.toThrow(`127.0.0.1:${taken.grpcPort}`);
    await listeners.close();
  });
});

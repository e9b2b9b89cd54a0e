import { once } from 'node:events';
import { Agent, request } from 'node:http';
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthCheckRequestSchema } from '@plataforma/contratos/grpc/health/v1/health_pb';
import { eventually } from '@plataforma/testing/eventually';
import { frame } from '@plataforma/testing/fuzz/calls';
import { type Listeners, type ListenersOptions, startListeners } from '../../test/listeners.ts';
import { text } from '../../test/raw-grpc.ts';
import { listenerLimits } from './listener-limits.ts';

const EMPTY = toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema));
const WATCH = '/grpc.health.v1.Health/Watch';
const CHECK = '/grpc.health.v1.Health/Check';
const READ = '/teste.v1.EcoService/Ler';

let listeners: Listeners;
let release: () => void;
const sessions: ClientHttp2Session[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  release();
  for (const session of sessions.splice(0)) session.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  await listeners.close();
});

/** Both listeners; `Ler` answers when the test is over. */
async function start(options: ListenersOptions) {
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ler = async ({ value }: { value: string }) => {
    if (value === 'espera') await held;
    return { value };
  };
  listeners = await startListeners({ impl: { ler }, defaultTimeoutMs: 20_000, ...options });
}

function session(from = '127.0.0.1'): ClientHttp2Session {
  const opened = http2.connect(`http://127.0.0.1:${listeners.grpcPort}`, { localAddress: from } as object);
  opened.on('error', () => {});
  sessions.push(opened);
  return opened;
}

function open(on: ClientHttp2Session, path: string): ClientHttp2Stream {
  const stream = on.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  stream.resume();
  return stream;
}

interface Outcome {
  readonly status: string;
  readonly reason: string | undefined;
  readonly retryAfter: string | undefined;
}

/** The first headers of a call: of its answer, or of its refusal; `reset` when there were none. */
function outcome(stream: ClientHttp2Stream): Promise<Outcome> {
  return new Promise((resolve) => {
    stream.once('response', (headers) =>
      resolve({
        status: String(headers['grpc-status'] ?? 'open'),
        reason: headers['x-erro-codigo'] as string | undefined,
        retryAfter: headers['retry-after'] as string | undefined,
      }),
    );
    stream.once('close', () => resolve({ status: 'reset', reason: undefined, retryAfter: undefined }));
  });
}

function call(on: ClientHttp2Session, path: string, message: Uint8Array): Promise<Outcome> {
  const stream = open(on, path);
  stream.end(frame(message));
  return outcome(stream);
}

const gauge = async (name: string) => {
  const text = await listeners.metrics.registry.getSingleMetricAsString(name);
  return Number(/ (\d+)$/m.exec(text)?.[1]);
};

function count(outcomes: readonly { readonly status: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('the gRPC listener', () => {
  it('lets few streams stay open: on a connection, from an address, and in all', async () => {
    await start({ limits: listenerLimits({ maxStreams: 40, addressSharePercent: 75 }) });
    const one = session();
    const first = await Promise.all(Array.from({ length: 15 }, () => call(one, WATCH, EMPTY)));
    expect(count(first)).toEqual({ open: 10, '8': 5 });
    const flood = await Promise.all(
      Array.from({ length: 10 }, () => session()).flatMap((connection) =>
        Array.from({ length: 10 }, () => call(connection, WATCH, EMPTY)),
      ),
    );
    expect(count(flood)).toEqual({ open: 20, '8': 80 });
    expect(await gauge('grpc_streams_open')).toBe(30);
    const other = await Promise.all(
      Array.from({ length: 4 }, () => session('127.0.0.2')).flatMap((connection) =>
        Array.from({ length: 5 }, () => call(connection, WATCH, EMPTY)),
      ),
    );
    expect(count(other)).toEqual({ open: 10, '14': 10 });
    expect(await gauge('grpc_streams_open')).toBe(40);
    // What closes makes room again.
    for (const connection of sessions.splice(0)) connection.destroy();
    await eventually(async () => expect(await gauge('grpc_streams_open')).toBe(0));
    expect(await call(session(), WATCH, EMPTY)).toMatchObject({ status: 'open' });
  });

  it('counts streams of reflection with the others', async () => {
    await start({ limits: listenerLimits({ maxStreams: 40 }) });
    const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
    const one = session();
    for (let opened = 0; opened < 10; opened += 1) open(one, path);
    await eventually(async () => expect(await gauge('grpc_streams_open')).toBe(10));
    expect(await outcome(open(one, path))).toEqual({
      status: '8',
      reason: 'LIMITE_DE_REQUISICOES',
      retryAfter: '1',
    });
  });

  it('works on a limited number of calls, answers the others at once, and health checks always', async () => {
    await start({ limits: listenerLimits({ maxRequests: 20, addressSharePercent: 75 }) });
    const [here, there] = [session(), session('127.0.0.2')];
    const held = Array.from({ length: 15 }, () => call(here, READ, text('espera')));
    await eventually(async () => expect(await gauge('grpc_requests_open')).toBe(15));
    expect(await call(here, READ, text('a'))).toEqual({
      status: '8',
      reason: 'LIMITE_DE_REQUISICOES',
      retryAfter: '1',
    });
    held.push(...Array.from({ length: 5 }, () => call(there, READ, text('espera'))));
    await eventually(async () => expect(await gauge('grpc_requests_open')).toBe(20));
    expect(await call(there, READ, text('a'))).toEqual({
      status: '14',
      reason: 'SERVICO_INDISPONIVEL',
      retryAfter: '1',
    });
    expect(await call(there, CHECK, EMPTY)).toMatchObject({ status: 'open' });
    release();
    expect(count(await Promise.all(held))).toEqual({ open: 20 });
    expect(await call(here, READ, text('a'))).toMatchObject({ status: 'open' });
    const refused = await listeners.metrics.registry.getSingleMetricAsString('grpc_refused_total');
    expect(refused).toMatch(/what="requests",share="address".* 1$/m);
    expect(refused).toMatch(/what="requests",share="total".* 1$/m);
  });

  it('leaves one connection with hundreds of calls alone, such as that of a proxy', async () => {
    await start({});
    const one = session();
    const calls = Array.from({ length: 400 }, () => call(one, READ, text('espera')));
    await eventually(async () => expect(await gauge('grpc_requests_open')).toBe(400));
    release();
    expect(count(await Promise.all(calls))).toEqual({ open: 400 });
  });

  it('resets a call whose request is dripped in, long before one that is worked on', async () => {
    await start({ requestTimeoutMs: 300 });
    const one = session();
    const held = open(one, READ);
    held.end(frame(text('espera')));
    const dripped = open(one, READ);
    dripped.write(frame(text('a')).subarray(0, 3));
    expect(await outcome(dripped)).toMatchObject({ status: 'reset' });
    expect(held.closed).toBe(false);
  });

  it('resets a call whose answer is not read, and leaves alone what may stay open', async () => {
    await start({ callTimeoutMs: 300, impl: { ler: () => ({ value: 'a'.repeat(1024 * 1024) }) } });
    const watch = open(session(), WATCH);
    watch.end(frame(EMPTY));
    expect(await outcome(watch)).toMatchObject({ status: 'open' });
    const unread = open(session(), READ);
    unread.pause();
    unread.end(frame(text('a')));
    expect(await outcome(unread)).toMatchObject({ status: 'open' });
    await once(unread, 'close');
    await eventually(async () => expect(await gauge('grpc_requests_open')).toBe(0));
    expect(watch.closed).toBe(false);
  });

  it('cuts connections above the limits, and takes new ones when others close', async () => {
    await start({ limits: listenerLimits({ maxConnections: 8, addressSharePercent: 75 }) });
    await holdConnections(listeners.grpcPort, 'grpc_connections_open');
  });
});

/** 20 connections from one address and 4 from another, where 8 and 6 of an address are allowed. */
async function holdConnections(port: number, name: string): Promise<void> {
  const openFrom = async (localAddress: string, length: number) => {
    const opened = Array.from({ length }, () => connect({ host: '127.0.0.1', port, localAddress }));
    for (const socket of opened) socket.on('error', () => {});
    sockets.push(...opened);
    // A connection that is cut has been accepted by the system first.
    await Promise.all(opened.map((socket) => once(socket, 'connect')));
    return opened;
  };
  const before = await gauge(name);
  const here = await openFrom('127.0.0.1', 20);
  await eventually(async () => expect(await gauge(name)).toBe(6));
  await eventually(() => expect(here.filter(({ destroyed }) => destroyed)).toHaveLength(14 + before));
  const there = await openFrom('127.0.0.2', 4);
  await eventually(async () => expect(await gauge(name)).toBe(8));
  await eventually(() => expect(there.filter(({ destroyed }) => destroyed)).toHaveLength(2));
  for (const socket of here) socket.destroy();
  await eventually(async () => expect(await gauge(name)).toBe(2 + before));
}

describe('the HTTP listener', () => {
  const agent = new Agent({ keepAlive: true });

  function post(body: string, localAddress = '127.0.0.1') {
    return new Promise<{ status: number; reason: unknown; retryAfter: string | undefined }>(
      (resolve, reject) => {
        const sent = request({
          host: '127.0.0.1',
          port: listeners.httpPort,
          path: READ,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          localAddress,
          agent,
        });
        sent.on('error', reject);
        sent.on('response', async (res) => {
          const answer = JSON.parse(Buffer.concat(await res.toArray()).toString());
          const retryAfter = res.headers['retry-after'];
          resolve({ status: res.statusCode ?? 0, reason: answer.reason, retryAfter });
        });
        sent.end(JSON.stringify(body));
      },
    );
  }

  const get = async (path: string) => (await fetch(`http://127.0.0.1:${listeners.httpPort}${path}`)).status;

  it('works on a limited number of requests, answers the others at once, and health checks always', async () => {
    await start({ limits: listenerLimits({ maxRequests: 20, addressSharePercent: 75 }) });
    const held = Array.from({ length: 15 }, () => post('espera'));
    await eventually(async () => expect(await gauge('http_requests_open')).toBe(15));
    expect(await post('a')).toEqual({ status: 429, reason: 'LIMITE_DE_REQUISICOES', retryAfter: '1' });
    held.push(...Array.from({ length: 5 }, () => post('espera', '127.0.0.2')));
    await eventually(async () => expect(await gauge('http_requests_open')).toBe(20));
    expect(await post('a', '127.0.0.2')).toEqual({
      status: 503,
      reason: 'SERVICO_INDISPONIVEL',
      retryAfter: '1',
    });
    expect(await Promise.all([get('/healthz'), get('/readyz'), get('/metrics')])).toEqual([200, 200, 200]);
    release();
    expect(new Set((await Promise.all(held)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await post('a')).toMatchObject({ status: 200 });
  });

  it('ends a request whose headers or body are dripped in', async () => {
    await start({ requestTimeoutMs: 300 });
    const heads = [
      'POST /teste.v1.EcoService/Ler HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n"',
      'POST /teste.v1.EcoService/Ler HTTP/1.1\r\nhost: a\r\nx-a',
      'POST /nada HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\n',
    ];
    await Promise.all(
      heads.map(async (head) => {
        const socket = connect(listeners.httpPort, '127.0.0.1');
        sockets.push(socket);
        socket.on('error', () => {});
        socket.resume();
        socket.write(head);
        const drip = setInterval(() => socket.write('a'), 100);
        await once(socket, 'close');
        clearInterval(drip);
      }),
    );
    await eventually(async () => expect(await gauge('http_requests_open')).toBe(0));
  });

  it('counts requests that are sent ahead, and forgets them with their connection', async () => {
    await start({ limits: listenerLimits({ maxRequests: 20, addressSharePercent: 100 }) });
    const head = 'POST /teste.v1.EcoService/Ler HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    const ahead = `${head}content-length: 8\r\n\r\n"espera"`.repeat(15);
    for (let round = 0; round < 3; round += 1) {
      const socket = connect(listeners.httpPort, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(ahead);
      await eventually(async () => expect(await gauge('http_requests_open')).toBe(15));
      socket.destroy();
      await eventually(async () => expect(await gauge('http_requests_open')).toBe(0));
    }
    release();
    expect(await post('a')).toMatchObject({ status: 200 });
    expect(await gauge('http_requests_open')).toBe(0);
  });

  it('cuts connections above the limits, and takes new ones when others close', async () => {
    await start({ limits: listenerLimits({ maxConnections: 8, addressSharePercent: 75 }) });
    await holdConnections(listeners.httpPort, 'http_connections_open');
  });
});

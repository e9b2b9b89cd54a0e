import { once } from 'node:events';
import { connect } from 'node:http2';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { sendPlain } from './plain-client.ts';

const OBTER = '/conformidade.k.Servico/Obter';
const raw = (bytes: Buffer): Buffer => bytes;

let target: ConformanceTarget;
let client: Client;
let token: string;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(async () => {
  target.grpc.script = {};
  target.grpc.calls.length = 0;
  client = new Client(new URL(target.baseUrl).host, credentials.createInsecure());
  const now = Math.floor(Date.now() / 1000);
  token = await target.key.sign({ sub: 'usr_1', exp: now + 600, nbf: now - 5 });
});
afterEach(() => client.close());

function withToken(): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

interface Outcome {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
  readonly reply: Buffer | undefined;
}

function call(path: string, message: Buffer, metadata: Metadata): Promise<Outcome> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, raw, raw, message, metadata, (error: ServiceError | null, reply) => {
      const { code = 0, details = '', metadata: trailers = new Metadata() } = error ?? {};
      resolve({ code, details, metadata: trailers, reply });
    });
  });
}

function k(message: Record<string, unknown>): Buffer {
  return Buffer.from(target.k.encode(target.k.fromObject(message)).finish());
}

describe('native gRPC', () => {
  it('K67 passes a call on as it is, with the identity of the issuer', async () => {
    target.grpc.script = { replies: [k({ id: 'resposta' })] };
    const { code, reply } = await call(OBTER, k({ id: 'a1' }), withToken());
    expect([code, reply]).toEqual([0, k({ id: 'resposta' })]);
    const received = target.grpc.calls[0];
    expect([received?.path, received?.message]).toEqual([OBTER, k({ id: 'a1' })]);
    expect(received?.metadata.get('authorization')).toEqual([`Bearer ${token}`]);
    expect(received?.metadata.get('x-consumer-username')).toEqual(['plataforma-auth']);
    expect(received?.metadata.get('x-request-id')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  it.each([false, true])(
    'K67 keeps code, message and metadata of an error (in trailers: %j)',
    async (late) => {
      const error = { code: 6, message: 'não dá: 100%', metadata: { 'x-erro-codigo': 'OCUPADO' } };
      target.grpc.script = { error, statusInTrailers: late };
      const outcome = await call(OBTER, k({}), withToken());
      expect(outcome).toMatchObject({ code: 6, details: 'não dá: 100%' });
      expect(outcome.metadata.get('x-erro-codigo')).toEqual(['OCUPADO']);
    },
  );

  it('passes every message of a server stream', async () => {
    target.grpc.script = { replies: [k({ id: '1' }), k({ id: '2' }), k({ id: '3' })] };
    const path = '/conformidade.k.Servico/Fluxo';
    const stream = client.makeServerStreamRequest(path, raw, raw, k({}), withToken());
    const replies: Buffer[] = [];
    for await (const reply of stream) replies.push(reply as Buffer);
    expect(replies).toEqual([k({ id: '1' }), k({ id: '2' }), k({ id: '3' })]);
  });

  it('passes a message of nearly a megabyte, and none above', async () => {
    const large = k({ id: 'x'.repeat(1024 * 1024 - 100) });
    expect((await call(OBTER, large, withToken())).code).toBe(0);
    expect(target.grpc.calls[0]?.message.equals(large)).toBe(true);
    expect((await call(OBTER, k({ id: 'x'.repeat(1024 * 1024) }), withToken())).code).toBe(3);
  });

  it('tells 16 to a caller without a token', async () => {
    const outcome = await call(OBTER, k({}), new Metadata());
    expect(outcome).toMatchObject({ code: 16, details: 'Unauthorized' });
    expect(target.grpc.calls).toHaveLength(0);
  });

  it('K67 says the same to HTTP: 401', async () => {
    const session = connect(target.baseUrl);
    const stream = session.request({ ':method': 'POST', ':path': OBTER, 'content-type': 'application/grpc' });
    stream.end();
    const [headers] = await once(stream, 'response');
    expect([headers[':status'], headers['grpc-status']]).toEqual([401, '16']);
    stream.resume();
    session.close();
  });

  it('tells 12 of a method that the service does not have', async () => {
    expect((await call('/conformidade.k.Servico/Nenhum', k({}), withToken())).code).toBe(12);
  });

  it('tells 5 of a service that has no route', async () => {
    const outcome = await call('/conformidade.nada.Servico/Obter', k({}), withToken());
    expect(outcome).toMatchObject({ code: 5, details: 'NotFound' });
  });

  it('tells 13 of a service that is down', async () => {
    const outcome = await call('/conformidade.fechado.Servico/Obter', k({}), new Metadata());
    const details = 'An invalid response was received from the upstream server';
    expect(outcome).toMatchObject({ code: 13, details });
  });

  it('needs HTTP/2', async () => {
    const headers = { 'content-type': 'application/grpc', accept: 'application/json' };
    const answer = await sendPlain(target.baseUrl, { method: 'POST', path: OBTER, headers });
    expect([answer.status, answer.headers.upgrade]).toEqual([426, 'HTTP/2']);
    expect(JSON.parse(answer.text)).toMatchObject({ message: 'Please use HTTP2 protocol' });
  });

  it('needs the type of gRPC, where the route does not ask for it already', async () => {
    const path = '/conformidade.fechado.Servico/Obter';
    expect(await sendPlain(target.baseUrl, { method: 'POST', path })).toMatchObject({ status: 415 });
  });
});

import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { frame } from '@plataforma/testing/fuzz/calls';
import { type Listeners, startListeners } from '../../test/listeners.ts';

let listeners: Listeners;
let session: ClientHttp2Session;

beforeAll(async () => {
  listeners = await startListeners();
});

afterEach(() => session.destroy());

afterAll(() => listeners.close());

function open(path: string): ClientHttp2Stream {
  session = http2.connect(`http://127.0.0.1:${listeners.grpcPort}`);
  session.on('error', () => {});
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    'grpc-encoding': 'gzip',
    te: 'trailers',
  });
  stream.on('error', () => {});
  return stream;
}

/** The answer to a call whose client has not said that its request is complete. */
function early(stream: ClientHttp2Stream): Promise<{ status: unknown; reason: unknown }> {
  return new Promise((resolve) => {
    const none = setTimeout(() => resolve({ status: 'none yet', reason: undefined }), 5_000);
    stream.once('response', (headers) => {
      clearTimeout(none);
      resolve({ status: headers['grpc-status'], reason: headers['x-erro-codigo'] });
    });
  });
}

const REFUSED = { status: '3', reason: 'REQUISICAO_INVALIDA' };
const bomb = (): Buffer => {
  const packed = frame(gzipSync(Buffer.alloc(60_000)));
  packed[0] = 1;
  return packed;
};

it.each([
  [
    'is larger than its contract needs',
    '/teste.v1.EcoService/Entrar',
    [frame(new Uint8Array(66_000)).subarray(0, 9)],
  ],
  [
    'has 100 messages that unpack to 6 MB',
    '/teste.v1.EcoService/Entrar',
    [Buffer.concat(Array.from({ length: 100 }, bomb))],
  ],
  [
    'comes byte by byte',
    '/teste.v1.EcoService/Entrar',
    [...frame(new Uint8Array(3_000))].map((byte) => Buffer.of(byte)),
  ],
  [
    'is longer than the name of a service',
    '/grpc.health.v1.Health/Check',
    [frame(new Uint8Array(5_000)).subarray(0, 9)],
  ],
  [
    'watches two services at once',
    '/grpc.health.v1.Health/Watch',
    [Buffer.concat([frame(new Uint8Array()), frame(new Uint8Array())])],
  ],
  [
    'streams what is compressed',
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    [Buffer.of(1, 0, 0, 0, 0)],
  ],
])('a request that %s is refused before it is complete', async (_, path, parts) => {
  const stream = open(path);
  const answer = early(stream);
  // What is written after the answer is not taken any more.
  for (const part of parts)
    await Promise.race([answer, new Promise<void>((sent) => stream.write(part, () => sent()))]);
  expect(await answer).toEqual(REFUSED);
  const line = { msg: 'rpc rejected', rpc: path.slice(1), motivo: 'REQUISICAO_INVALIDA' };
  expect(listeners.logs).toContainEqual(expect.objectContaining(line));
});

it('a compressed request is answered', async () => {
  const stream = open('/teste.v1.EcoService/Ler');
  const answer = early(stream);
  const packed = frame(gzipSync(Buffer.from([0x0a, 1, 0x61])));
  packed[0] = 1;
  stream.end(packed);
  expect(await answer).toEqual({ status: undefined, reason: undefined });
});

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { type ConnectError, createContextValues, type HandlerContext } from '@connectrpc/connect';
import type { UniversalHandler, UniversalServerRequest } from '@connectrpc/connect/protocol';
import { describe, expect, it } from '@jest/globals';
import { EcoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { guardedRequest, refusalOf, refuseUnread } from './http-request.ts';

const KIB = 1024;
const MESSAGE = toBinary(StringValueSchema, create(StringValueSchema, { value: 'olá' }));
/** Its contract bounds what it may need. */
const BOUNDED = EcoService.method.cotar;
const MALFORMED = Buffer.from([0x0a, 0xff]);

interface Sent {
  readonly method?: (typeof EcoService.method)[keyof typeof EcoService.method];
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly url?: string;
  readonly by?: 'GET' | 'POST';
  readonly withoutValues?: boolean;
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const bytes: Uint8Array[] = [];
  for await (const part of body) bytes.push(part);
  return bytes;
}

async function* parts(...bytes: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

function requestOf({
  headers,
  body = new Uint8Array(),
  url = 'http://a/b',
  by = 'POST',
  withoutValues,
}: Sent) {
  return {
    httpVersion: '1.1',
    url,
    method: by,
    header: new Headers(headers),
    body: body instanceof Uint8Array ? parts(body) : body,
    signal: new AbortController().signal,
    ...(!withoutValues && { contextValues: createContextValues() }),
  } satisfies UniversalServerRequest;
}

/** What Connect is handed. */
async function guarded(sent: Sent) {
  const { method = EcoService.method.ler } = sent;
  const request = requestOf(sent);
  const answer = await guardedRequest({ method } as unknown as UniversalHandler, request);
  const bytes =
    answer === request ? undefined : Buffer.concat(await collected(answer.body as AsyncIterable<Uint8Array>));
  return { untouched: answer === request, answer, bytes, refusal: refusalOf(answer) };
}

async function refused(sent: Sent): Promise<Partial<Awaited<ReturnType<typeof failureOf>>>> {
  const { refusal, bytes } = await guarded(sent);
  // Never the bytes that were refused.
  expect(bytes).toHaveLength(0);
  return failureOf(Promise.reject(refusal as ConnectError));
}

const PROTO = { 'content-type': 'application/proto' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the body of a Connect call', () => {
  it('is handed over as it came, without the length it had', async () => {
    const headers = { ...PROTO, 'content-length': String(MESSAGE.length), 'x-outro': '1' };
    const { answer, bytes, refusal } = await guarded({
      headers,
      body: parts(MESSAGE.subarray(0, 2), MESSAGE.subarray(2)),
    });
    expect(bytes).toEqual(Buffer.from(MESSAGE));
    expect(Object.fromEntries(answer.header)).toEqual({ ...PROTO, 'x-outro': '1' });
    expect(refusal).toBeUndefined();
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['identity', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('is unpacked from %s, and says so no more', async (name, pack) => {
    const headers = { ...PROTO, 'content-encoding': name };
    const { answer, bytes } = await guarded({ headers, body: pack(MESSAGE) });
    expect(bytes).toEqual(Buffer.from(MESSAGE));
    expect(answer.header.has('content-encoding')).toBe(false);
  });

  it.each([
    ['a way to pack that nobody knows', { ...PROTO, 'content-encoding': 'zstd' }],
    ['a name of the language for one', { ...PROTO, 'content-encoding': 'constructor' }],
    ['no kind of body', {}],
    ['another kind of body', { 'content-type': 'text/plain' }],
    ['a stream', { 'content-type': 'application/connect+proto' }],
    ['a frame of text', { 'content-type': 'application/grpc-web-text' }],
  ])('is left to Connect with %s', async (_, headers: Record<string, string>) => {
    expect((await guarded({ headers, body: MALFORMED })).untouched).toBe(true);
  });

  it.each([
    ['binary', PROTO, MALFORMED],
    ['JSON', JSON_TYPE, Buffer.from('{"value": ')],
    ['JSON taken for binary', PROTO, Buffer.from('"olá"')],
    ['binary taken for JSON', JSON_TYPE, Buffer.from(MESSAGE)],
  ])('is refused when it is no message in %s', async (_, headers, body) => {
    expect(await refused({ headers, body })).toMatchObject({
      ...{ code: 'InvalidArgument', motivo: 'REQUISICAO_INVALIDA' },
    });
  });

  it('is refused when it is packed otherwise than it says', async () => {
    const headers = { ...PROTO, 'content-encoding': 'gzip' };
    expect((await refused({ headers, body: MESSAGE })).infos).toMatchObject([
      { metadata: { erro: 'it is not compressed as it says' } },
    ]);
  });

  it.each([
    ['by its own account', { ...JSON_TYPE, 'content-length': String(64 * KIB + 1) }, new Uint8Array()],
    ['as it turns out', JSON_TYPE, parts(Buffer.alloc(64 * KIB, ' '), Buffer.from(' '))],
    ['unpacked', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(64 * KIB + 1, ' '))],
  ])('is refused when it is larger than its contract can need, %s', async (_, headers, body) => {
    expect((await refused({ method: BOUNDED, headers, body })).infos).toMatchObject([
      { metadata: { maximoBytes: String(64 * KIB) } },
    ]);
  });

  it.each([
    ['by its own account', { ...JSON_TYPE, 'content-length': String(64 * KIB) }],
    ['as it turns out', JSON_TYPE],
  ])('is taken as large as its contract can need, %s', async (_, headers) => {
    const body = Buffer.alloc(64 * KIB, ' ');
    body.write('{}');
    expect((await guarded({ method: BOUNDED, headers, body })).bytes).toHaveLength(64 * KIB);
  });

  it('is not refused for a connection that breaks: then the call does not go on', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield MESSAGE;
      throw new TypeError('aborted');
    }
    await expect(guarded({ headers: PROTO, body: broken() })).rejects.toThrow('aborted');
  });

  it('is not handed over as an empty message where a refusal has no place', async () => {
    await expect(guarded({ headers: PROTO, body: MALFORMED, withoutValues: true })).rejects.toMatchObject({
      name: 'ConnectError',
    });
  });
});

describe('the frame of a gRPC-Web call', () => {
  const WEB = { 'content-type': 'application/grpc-web+proto' };
  const WEB_JSON = { 'content-type': 'application/grpc-web+json' };

  function frame(bytes: Uint8Array, { flags = 0, length = bytes.length } = {}): Buffer {
    const head = Buffer.alloc(5);
    head.writeUInt8(flags);
    head.writeUInt32BE(length, 1);
    return Buffer.concat([head, bytes]);
  }

  it('is handed over as it came', async () => {
    const headers = { ...WEB, 'content-length': '7', 'grpc-encoding': 'gzip' };
    const { bytes, answer } = await guarded({ headers, body: frame(MESSAGE) });
    expect(bytes).toEqual(frame(MESSAGE));
    expect(Object.fromEntries(answer.header)).toEqual(WEB);
  });

  it('is unpacked when it says that it is packed', async () => {
    const headers = { ...WEB, 'grpc-encoding': 'gzip' };
    const { bytes } = await guarded({ headers, body: frame(gzipSync(MESSAGE), { flags: 1 }) });
    expect(bytes).toEqual(frame(MESSAGE));
  });

  it('is taken in JSON', async () => {
    const body = frame(Buffer.from('"olá"'));
    expect((await guarded({ headers: WEB_JSON, body })).bytes).toEqual(body);
  });

  it('may hold an empty message', async () => {
    expect((await guarded({ headers: WEB, body: frame(new Uint8Array()) })).bytes).toHaveLength(5);
  });

  it('is left to Connect with a way to pack that nobody knows', async () => {
    const headers = { ...WEB, 'grpc-encoding': 'zstd' };
    expect((await guarded({ headers, body: MALFORMED })).untouched).toBe(true);
  });

  it.each([
    ['shorter than its head', frame(MESSAGE).subarray(0, 4)],
    ['empty', new Uint8Array()],
    ['shorter than it says', frame(MESSAGE, { length: MESSAGE.length + 1 })],
    ['longer than it says', frame(MESSAGE, { length: MESSAGE.length - 1 })],
    ['of a kind that no request has', frame(MESSAGE, { flags: 2 })],
    ['of trailers', frame(MESSAGE, { flags: 0x80 })],
  ])('is refused when it is %s', async (_, body) => {
    expect((await refused({ headers: WEB, body })).infos).toMatchObject([
      { metadata: { erro: 'the body is not one gRPC-Web message' } },
    ]);
  });

  it.each([
    ['binary', WEB, MALFORMED],
    ['JSON', WEB_JSON, Buffer.from('{"value": ')],
  ])('is refused when it holds no message in %s', async (_, headers, bytes) => {
    expect(await refused({ headers, body: frame(bytes) })).toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('the query of a Connect call', () => {
  const get = (query: Record<string, string>): Sent => ({
    by: 'GET',
    url: `http://a/b?${new URLSearchParams(query)}`,
  });

  /** The message as Connect will read it, and how it is said to be. */
  async function taken(query: Record<string, string>) {
    const { answer } = await guarded(get(query));
    const { message, ...said } = Object.fromEntries(new URL(answer.url).searchParams);
    return { message: Buffer.from(message ?? '', 'base64url').toString('latin1'), said };
  }

  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  const binary = Buffer.from(MESSAGE).toString('latin1');

  it('is handed over unpacked, as bytes', async () => {
    expect(await taken({ encoding: 'json', message: '"a"' })).toEqual({
      message: '"a"',
      said: { encoding: 'json', base64: '1' },
    });
    expect(await taken({ encoding: 'proto', base64: '1', message: base64(MESSAGE) })).toEqual({
      message: binary,
      said: { encoding: 'proto', base64: '1' },
    });
    const packed = {
      encoding: 'proto',
      base64: '1',
      message: base64(gzipSync(MESSAGE)),
      compression: 'gzip',
    };
    expect(await taken(packed)).toEqual({ message: binary, said: { encoding: 'proto', base64: '1' } });
  });

  it('may say nothing', async () => {
    expect((await taken({ encoding: 'proto' })).message).toBe('');
  });

  it('is left to Connect with a way to pack that nobody knows', async () => {
    expect((await guarded(get({ encoding: 'proto', compression: 'zstd' }))).untouched).toBe(true);
  });

  it.each([
    ['no message', { encoding: 'proto', base64: '1', message: base64(MALFORMED) }],
    ['no JSON', { encoding: 'json', message: '{' }],
    ['no base64', { encoding: 'proto', base64: '1', message: '*' }],
  ])('is refused when it is %s', async (_, query) => {
    expect(await refused(get(query))).toMatchObject({ motivo: 'REQUISICAO_INVALIDA' });
  });
});

describe('refuseUnread', () => {
  const gate = (answer: UniversalServerRequest) => () =>
    refuseUnread({ values: answer.contextValues } as HandlerContext);

  it('lets through what was not refused, and nothing else', async () => {
    const good = await guarded({ headers: PROTO, body: MESSAGE });
    expect(gate(good.answer)).not.toThrow();
    const bad = await guarded({ headers: PROTO, body: MALFORMED });
    expect(gate(bad.answer)).toThrow(bad.refusal);
  });
});

import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LoginRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { callGrpc, frame } from '@plataforma/testing/fuzz/calls';
import { type Listeners, startListeners } from '../../test/listeners.ts';

let listeners: Listeners;

beforeAll(async () => {
  listeners = await startListeners();
});

afterAll(() => listeners.close());

interface Told {
  readonly reason: string | null | undefined;
  readonly message: string;
}

type Way = (method: string, message: Uint8Array) => Promise<Told>;

async function post(
  path: string,
  body: Uint8Array | string,
  headers: Record<string, string>,
): Promise<Response> {
  const url = `http://127.0.0.1:${listeners.httpPort}/teste.v1.EcoService/${path}`;
  const init = { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) };
  return fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
}

async function connect(
  method: string,
  body: Uint8Array | string,
  headers: Record<string, string>,
): Promise<Told> {
  const response = await post(method, body, headers);
  const text = await response.text();
  const message = response.ok || !text.startsWith('{') ? text : JSON.parse(text).message;
  return { reason: response.headers.get('x-erro-codigo'), message };
}

async function grpcWeb(
  method: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Told> {
  const response = await post(method, body, { 'content-type': 'application/grpc-web+proto', ...headers });
  const text = Buffer.from(await response.arrayBuffer()).toString();
  const trailer = (name: string) =>
    response.headers.get(name) ?? new RegExp(`${name}: ([^\r\n]*)`).exec(text)?.[1] ?? '';
  return { reason: trailer('x-erro-codigo') || null, message: decodeURIComponent(trailer('grpc-message')) };
}

const compressedFrame = (message: Uint8Array) => {
  const framed = frame(message);
  framed[0] = 1;
  return framed;
};

const WAYS: Record<string, Way> = {
  gRPC: (method, message) =>
    callGrpc(listeners.grpcPort, `/teste.v1.EcoService/${method}`, frame(message), {}),
  'gRPC, gzip': (method, message) =>
    callGrpc(listeners.grpcPort, `/teste.v1.EcoService/${method}`, compressedFrame(gzipSync(message)), {
      'grpc-encoding': 'gzip',
    }),
  'gRPC, deflate': (method, message) =>
    callGrpc(listeners.grpcPort, `/teste.v1.EcoService/${method}`, compressedFrame(deflateSync(message)), {
      'grpc-encoding': 'deflate',
    }),
  Connect: (method, message) => connect(method, message, { 'content-type': 'application/proto' }),
  'Connect, gzip': (method, message) =>
    connect(method, gzipSync(message), { 'content-type': 'application/proto', 'content-encoding': 'gzip' }),
  'Connect, brotli': (method, message) =>
    connect(method, brotliCompressSync(message), {
      'content-type': 'application/proto',
      'content-encoding': 'br',
    }),
  'gRPC-Web': (method, message) => grpcWeb(method, frame(message)),
  'gRPC-Web, gzip': (method, message) =>
    grpcWeb(method, compressedFrame(gzipSync(message)), { 'grpc-encoding': 'gzip' }),
};

const times = (count: number, write: (writer: BinaryWriter) => void): Uint8Array => {
  const writer = new BinaryWriter();
  for (let i = 0; i < count; i += 1) write(writer);
  return writer.finish();
};
const extra = (writer: BinaryWriter) => writer.tag(4, WireType.LengthDelimited).bytes(new Uint8Array());
const unknown = (writer: BinaryWriter) => writer.tag(999, WireType.Varint).uint32(1);

const ATTACKS: readonly [string, string, Uint8Array, string][] = [
  ['100,000 empty items', 'Cotar', times(100_000, extra), 'no máximo 64 KiB'],
  ['30,000 empty items', 'Cotar', times(30_000, extra), 'extras deve ter no máximo 50 itens'],
  ['10,000 unknown fields', 'Entrar', times(10_000, unknown), 'há campos desconhecidos demais'],
  ['900 KB of unknown fields', 'Entrar', times(300_000, unknown), 'no máximo 64 KiB'],
  [
    'a text of 900 KB',
    'Entrar',
    times(1, (w) => w.tag(1, WireType.LengthDelimited).string('x'.repeat(900_000))),
    'no máximo 64 KiB',
  ],
  [
    'groups without end',
    'Entrar',
    times(30_000, (w) => w.tag(9, WireType.StartGroup)),
    'não corresponde ao contrato',
  ],
  [
    'one field 10,000 times',
    'Entrar',
    times(10_000, (w) => w.tag(1, WireType.LengthDelimited).string('a')),
    'email aparece mais de uma vez',
  ],
];

describe.each(Object.entries(WAYS))('over %s', (_, send) => {
  it.each(ATTACKS)('%s are refused with a reason', async (_name, method, message, told) => {
    const answer = await send(method, message);
    expect(answer.reason).toBe('REQUISICAO_INVALIDA');
    expect(answer.message).toContain(told);
  });

  it('a proper request is answered, instants as texts too', async () => {
    const login = create(LoginRequestSchema, { email: 'ana@exemplo.com', password: 'uma senha' });
    expect((await send('Entrar', toBinary(LoginRequestSchema, login))).reason ?? undefined).toBeUndefined();
    const instants = times(1, (writer) => {
      writer.tag(1, WireType.LengthDelimited).string('esp_1');
      writer.tag(2, WireType.LengthDelimited).string('2026-12-10T10:00:00-03:00');
      writer.tag(3, WireType.LengthDelimited).string('2026-12-10T12:00:00-03:00');
    });
    expect((await send('Cotar', instants)).reason ?? undefined).toBeUndefined();
  });
});

describe('over Connect in JSON', () => {
  const json = (method: string, body: unknown, headers: Record<string, string> = {}) =>
    connect(method, typeof body === 'string' ? body : JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });

  it.each<[string, string, unknown, string]>([
    [
      '100,000 empty items',
      'Cotar',
      { extras: Array.from({ length: 100_000 }, () => ({})) },
      'no máximo 64 KiB',
    ],
    [
      '20,000 empty items',
      'Cotar',
      { extras: Array.from({ length: 20_000 }, () => ({})) },
      'há valores demais',
    ],
    ['1 MiB of unknown members', 'Entrar', { novo: 'x'.repeat(2 ** 20) }, 'no máximo 64 KiB'],
    ['lists without end', 'Entrar', '['.repeat(60_000), 'há valores demais'],
    ['a member twice', 'Entrar', '{"email":"a@b.c","email":"d@e.f"}', 'não corresponde ao contrato'],
    [
      'a member by both its names',
      'Cotar',
      { espacoId: 'a', espaco_id: 'b' },
      'espacoId aparece mais de uma vez',
    ],
    [
      'a member that nobody knows',
      'Entrar',
      { email: 'a@b.c', telefone: 1 },
      'campo desconhecido: telefone.',
    ],
    ['a list', 'Entrar', [], 'o corpo deve ser um objeto JSON'],
    [
      'a fraction',
      'Cotar',
      { extras: [{ quantidade: 0.5 }] },
      'extras[0].quantidade deve ser um número inteiro',
    ],
    [
      'a day that does not exist',
      'Cotar',
      { espacoId: 'a', dataInicio: '2027-02-30T15:00:00Z' },
      'dataInicio deve ser um instante',
    ],
  ])('%s are refused with a reason', async (_, method, body, told) => {
    const answer = await json(method, body);
    expect(answer.reason).toBe('REQUISICAO_INVALIDA');
    expect(answer.message).toContain(told);
  });

  /** At its best, which is its default, brotli thinks for seconds about so many equal bytes. */
  const quickBrotli = (bytes: Buffer) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

  it.each([
    ['gzip', gzipSync],
    ['br', quickBrotli],
  ])('what unpacks to far more than was sent is refused: %s', async (encoding, compress) => {
    const bomb = compress(Buffer.from(JSON.stringify({ novo: 'x'.repeat(64 * 2 ** 20) })));
    expect(bomb.byteLength).toBeLessThan(70_000);
    const response = await post('Entrar', bomb, {
      'content-type': 'application/json',
      'content-encoding': encoding,
    });
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('no máximo 64 KiB') });
  });

  it.each(['gzip', 'br'])('what is not compressed as it says is refused: %s', async (encoding) => {
    expect(await json('Entrar', {}, { 'content-encoding': encoding })).toMatchObject({
      reason: 'REQUISICAO_INVALIDA',
    });
  });

  it('a compression that nobody knows is refused unread', async () => {
    const response = await post('Entrar', '{}', {
      'content-type': 'application/json',
      'content-encoding': 'lzma',
    });
    expect(await response.json()).toMatchObject({ code: 'unimplemented' });
  });

  it('a proper request is answered, compressed or not, as GET or POST', async () => {
    const inicio = new Date('2026-12-10T13:00:00.999Z');
    const dataInicio = timestampFromDate(inicio);
    const message = create(CotarReservaRequestSchema, { espacoId: 'esp_1', dataInicio, dataFim: dataInicio });
    const body = toJsonString(CotarReservaRequestSchema, message);
    const told = { reason: null, message: `"${inicio.toISOString()}"` };
    expect(await json('Cotar', body)).toEqual(told);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await connect('Cotar', gzipSync(body), headers)).toEqual(told);
    const get = async (query: string) => {
      const response = await fetch(
        `http://127.0.0.1:${listeners.httpPort}/teste.v1.EcoService/Cotar?${query}`,
      );
      return { reason: response.headers.get('x-erro-codigo'), message: await response.text() };
    };
    expect(await get(`encoding=json&message=${encodeURIComponent(body)}`)).toEqual(told);
    const packed = gzipSync(body).toString('base64url');
    expect(await get(`encoding=json&base64=1&compression=gzip&message=${packed}`)).toEqual(told);
    const rolled = encodeURIComponent(body.replaceAll('12-10T', '02-30T'));
    expect(await get(`encoding=json&message=${rolled}`)).toMatchObject({ reason: 'REQUISICAO_INVALIDA' });
    const bomb = gzipSync('x'.repeat(900_000)).toString('base64url');
    expect(await get(`encoding=json&base64=1&compression=gzip&message=${bomb}`)).toMatchObject({
      reason: 'REQUISICAO_INVALIDA',
      message: expect.stringContaining('64 KiB'),
    });
  });
});

it('the services that others wrote take short requests only', async () => {
  const name = times(1, (writer) => writer.tag(1, WireType.LengthDelimited).string('x'.repeat(5_000)));
  const call = (path: string) => callGrpc(listeners.grpcPort, path, frame(name), {});
  for (const path of ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'])
    expect(await call(path)).toMatchObject({ code: 'invalid_argument', reason: 'REQUISICAO_INVALIDA' });
  expect(await call('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo')).toMatchObject({
    code: 'invalid_argument',
  });
});

it('does not repeat what it was sent', async () => {
  const body = JSON.stringify({
    espacoId: 'esp_1',
    extras: [{ quantidade: 'x'.repeat(60) }, 'y'.repeat(60_000)],
  });
  const response = await post('Cotar', body, { 'content-type': 'application/json' });
  expect((await response.text()).length).toBeLessThan(1_500);
});

it('logs and counts what it refuses unread', async () => {
  await connect('Entrar', JSON.stringify({ novo: 'x'.repeat(70_000) }), {
    'content-type': 'application/json',
  });
  expect(listeners.logs.at(-1)).toMatchObject({
    msg: 'rpc rejected',
    rpc: 'teste.v1.EcoService/Entrar',
    code: 'invalid_argument',
    motivo: 'REQUISICAO_INVALIDA',
  });
});

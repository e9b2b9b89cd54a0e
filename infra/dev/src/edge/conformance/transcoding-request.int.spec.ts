import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
  target.grpc.calls.length = 0;
});

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly type: string | null;
}

async function send(method: string, path: string, body?: unknown): Promise<Sent> {
  const response = await fetch(target.baseUrl + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}

/** Sends what must succeed and gives the request message as the upstream understood it. */
async function accepted(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { status } = await send(method, path, body);
  expect(status).toBe(200);
  return lastMessage();
}

function lastMessage(): Record<string, unknown> {
  const call = target.grpc.calls.at(-1);
  if (!call) throw new Error('the upstream was not called');
  const type = call.path.includes('.pw.') ? target.pw : target.k;
  return type.toObject(type.decode(call.message), { longs: String });
}

async function expectUnencodable(method: string, path: string, body?: unknown): Promise<void> {
  const { status, text, type } = await send(method, path, body);
  expect({ status, text, type }).toEqual({
    status: 400,
    text: 'failed to encode payload',
    type: 'application/json',
  });
  expect(target.grpc.calls).toHaveLength(0);
}

describe('paths', () => {
  it('K02 binds the variable and calls the method when the rule has a verb', async () => {
    expect(await accepted('POST', '/k/a1:cancelar', {})).toEqual({ id: 'a1' });
    expect(target.grpc.calls[0]?.path).toBe('/conformidade.k.Servico/Cancelar');
  });

  it('K03 does not match a verb when its colon is escaped', async () => {
    const { status, text } = await send('POST', '/k/a1%3Acancelar', {});
    expect(status).toBe(400);
    expect(text).toBe('failed to transcode .proto file Unknown path "/k/a1%3Acancelar"');
  });

  it('K04 decodes UTF-8 and spaces in a variable', async () => {
    expect(await accepted('GET', '/k/S%C3%A3o%20A')).toEqual({ id: 'São A' });
  });

  it('K05 keeps an escaped slash, in upper case', async () => {
    expect(await accepted('GET', '/k/a%2fb')).toEqual({ id: 'a%2Fb' });
  });

  it('K06 normalises double slashes and dot segments before matching', async () => {
    const { request } = await import('node:http');
    // fetch would normalise the path itself.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(`${target.baseUrl}/`, { path: '/k//x/../y' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.once('error', reject).end();
    });
    expect(status).toBe(200);
    expect(lastMessage()).toEqual({ id: 'y' });
  });

  it('K10 takes the first rule in file order when two match', async () => {
    await accepted('GET', '/k/fixo');
    expect(target.grpc.calls[0]?.path).toBe('/conformidade.k.Servico/Fixo');
  });

  it('K11 knows only the last of two additional bindings', async () => {
    expect((await send('GET', '/k/duplo/a')).status).toBe(200);
    expect((await send('GET', '/k/duplo/b')).status).toBe(400);
    expect((await send('GET', '/k/duplo/c')).status).toBe(200);
  });

  it('K11 serves a single additional binding with its own body', async () => {
    expect(await accepted('POST', '/k/unico/b', { numero: 5 })).toEqual({ numero: 5 });
  });

  it('binds the rest of the path when the variable says **', async () => {
    expect(await accepted('GET', '/k/arquivo/a/b/c')).toEqual({ id: 'a/b/c' });
  });
});

describe('bodies', () => {
  it('K12 lets a body value win over the path variable', async () => {
    expect(await accepted('POST', '/k/a1:cancelar', { id: 'b2' })).toEqual({ id: 'b2' });
  });

  it('K14 ignores the query when the rule reads the body', async () => {
    expect(await accepted('POST', '/k?numero=7', { id: 'x' })).toEqual({ id: 'x' });
  });

  it('K15 ignores the body when the rule names none', async () => {
    expect(await accepted('POST', '/k/a1/semcorpo', { numero: 7 })).toEqual({ id: 'a1' });
  });

  it('K16 takes an empty body as an empty message', async () => {
    expect(await accepted('POST', '/k')).toEqual({});
  });

  it('K17 answers 400 to invalid JSON', async () => {
    expect(await send('POST', '/k', '{"id":')).toEqual({
      status: 400,
      type: 'application/json',
      text: 'decode json err: Expected value but found T_END at character 7',
    });
  });

  it.each([
    ['{id:"x"}', 'Expected object key string but found invalid token at character 2'],
    ['{"id":"\\ud800"}', 'Expected value but found invalid unicode escape code at character 8'],
    ['['.repeat(1001), 'Found too many nested data structures (1001) at character 1001'],
  ])('K17 says what is wrong with %s', async (body, reason) => {
    const { status, text } = await send('POST', '/k', body);
    expect({ status, text }).toEqual({ status: 400, text: `decode json err: ${reason}` });
  });

  it.each([
    ['{"numero":0x10}', { numero: 16 }],
    ['{"numero":01}', { numero: 1 }],
    ['{"numero":+1}', { numero: 1 }],
    ['{"real":1.}', { real: 1 }],
    ['{"real":NaN}', { real: Number.NaN }],
    ['{"real":-Infinity}', { real: -Infinity }],
    ['{"id":"a\nb\tc"}', { id: 'a\nb\tc' }],
  ])('K17 takes %s, which is no JSON', async (body, expected) => {
    expect(await accepted('POST', '/k', body)).toEqual(expected);
  });

  it.each(['"x"', '1', 'null', 'true'])('K18 answers 400 when the body is %s', async (body) => {
    const { status, text } = await send('POST', '/k', body);
    expect({ status, text }).toEqual({ status: 400, text: 'body must be a table' });
  });

  it('K19 takes a list as an empty message', async () => {
    expect(await accepted('POST', '/k', [1])).toEqual({});
  });

  it('K20 ignores unknown keys, whatever they hold', async () => {
    expect(await accepted('POST', '/k', { id: 'x', novo: { a: [null] }, nada: null })).toEqual({ id: 'x' });
  });

  it('K21 ignores names written in the other case', async () => {
    expect(await accepted('POST', '/k', { espaco_id: 'x' })).toEqual({});
    expect(await accepted('POST', '/pw', { espacoId: 'x' })).toEqual({});
  });

  it('puts the body into one field when the rule says so', async () => {
    expect(await accepted('PATCH', '/k/a1/valor', { moeda: 'BRL', centavos: 9 })).toEqual({
      id: 'a1',
      valor: { moeda: 'BRL', centavos: '9' },
    });
  });

  it('K36 keeps explicit empty values in proto2 and drops them in proto3, false excepted', async () => {
    const empties = { id: '', numero: 0, ligado: false };
    expect(await accepted('POST', '/k', empties)).toEqual(empties);
    await accepted('POST', '/pw', empties);
    expect(target.grpc.calls.at(-1)?.message.toString('hex')).toBe('2000');
  });
});

describe('values', () => {
  it.each([
    ['id', null],
    ['numero', null],
    ['status', null],
    ['valor', null],
    ['quando', null],
    ['nomes', null],
  ])('K22 answers 400 to null in %s', async (field, value) => {
    await expectUnencodable('POST', '/k', { [field]: value });
  });

  it.each([
    ['a text', { id: 1 }],
    ['a text', { id: true }],
    ['an enum', { status: 'OUTRO' }],
    ['a message', { valor: 'x' }],
    ['a list', { nomes: 'x' }],
    ['an item', { nomes: ['a', 1] }],
    ['a map', { rotulos: 'x' }],
  ])('K23 answers 400 when %s gets something else: %j', async (_what, body) => {
    await expectUnencodable('POST', '/k', body);
  });

  it.each([
    ['12', 12],
    [12.5, 12],
    ['1e3', 1000],
    ['0x10', 16],
    ['', 0],
    [2147483648, -2147483648],
    [-5, -5],
  ])('K24 reads %j as the integer %j', async (given, expected) => {
    expect(await accepted('POST', '/k', { numero: given })).toEqual({ numero: expected });
  });

  it.each(['abc', true, {}, []])('K24 answers 400 to %j as an integer', async (given) => {
    await expectUnencodable('POST', '/k', { numero: given });
  });

  it('reads int64 from numbers and texts, exactly after #, and refuses what does not fit', async () => {
    expect(await accepted('POST', '/k', { grande: 1732360000000 })).toEqual({ grande: '1732360000000' });
    expect(await accepted('POST', '/k', { grande: '-42' })).toEqual({ grande: '-42' });
    expect(await accepted('POST', '/k', { grande: '#9007199254740993' })).toEqual({
      grande: '9007199254740993',
    });
    // As a double it is one more than fits, and comes out at the other end.
    expect(await accepted('POST', '/k', '{"grande":9223372036854775807}')).toEqual({
      grande: '-9223372036854775808',
    });
    target.grpc.calls.length = 0;
    await expectUnencodable('POST', '/k', { grande: 1e19 });
  });

  it.each([
    [0, true],
    ['false', true],
    [null, true],
    [{}, true],
    [false, false],
    [true, true],
  ])('K25 reads %j as the bool %j', async (given, expected) => {
    expect(await accepted('POST', '/k', { ligado: given })).toEqual({ ligado: expected });
  });

  it.each([
    ['?ligado=0', false],
    ['?ligado=false', false],
    ['?ligado=1', true],
    ['?ligado', true],
  ])('K26 reads %s as %j', async (query, expected) => {
    expect(await accepted('GET', `/k/fixo${query}`)).toEqual({ ligado: expected });
  });

  it.each([
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['nan', Number.NaN],
    ['1e3', 1000],
  ])('reads the text %j as the double %j', async (given, expected) => {
    expect(await accepted('POST', '/k', { real: given })).toEqual({ real: expected });
  });

  it('reads enums by name, number and numeric text', async () => {
    for (const status of ['ATIVO', 1, '1']) {
      expect(await accepted('POST', '/k', { status })).toEqual({ status: 1 });
    }
  });

  it('takes lists and empty objects for a repeated field, and string maps', async () => {
    expect(await accepted('POST', '/k', { nomes: ['a', 'b'], numeros: ['1', 2] })).toEqual({
      nomes: ['a', 'b'],
      numeros: [1, 2],
    });
    expect(await accepted('POST', '/k', { nomes: {}, numeros: [] })).toEqual({});
    expect(await accepted('POST', '/k', { rotulos: { cor: 'azul' } })).toEqual({ rotulos: { cor: 'azul' } });
  });

  it.each([
    ['2025-02-01T11:00:00-03:00', '2025-02-01T14:00:00Z'],
    ['2025-02-01T14:00:00', '2025-02-01T14:00:00Z'],
    ['2025-02-01', '2025-02-01T00:00:00Z'],
    ['2025-02-30T10:00:00Z', '2025-03-02T10:00:00Z'],
    ['2025-13-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    // Read as year, month, day and hour without separators, and rolled on.
    ['1738418400', '1741-07-23T00:00:00Z'],
  ])('K33 reads the instant %s as %s', async (given, expected) => {
    const seconds = String(Date.parse(expected) / 1000);
    expect(await accepted('POST', '/k', { quando: given })).toEqual({ quando: { seconds } });
  });

  it('K33 keeps microseconds', async () => {
    const message = await accepted('POST', '/k', { quando: '2025-02-01T14:00:00.123456Z' });
    expect(message.quando).toEqual({ seconds: '1738418400', nanos: 123456000 });
  });

  it.each([1738418400, { seconds: 1 }, 'ontem', ''])('K33 answers 400 to %j', async (given) => {
    await expectUnencodable('POST', '/k', { quando: given });
  });

  it.each([{ duracao: '3600s' }, { texto: 'x' }])('K38 answers 400 to ProtoJSON %j', async (body) => {
    await expectUnencodable('POST', '/k', body);
  });

  it('reads Duration and wrappers as plain messages', async () => {
    expect(await accepted('POST', '/k', { duracao: { seconds: 60 }, texto: { value: 'x' } })).toEqual({
      duracao: { seconds: '60' },
      texto: { value: 'x' },
    });
  });
});

describe('queries', () => {
  it('K13 lets a query value win over the path variable', async () => {
    expect(await accepted('GET', '/k/a1?id=b2')).toEqual({ id: 'b2' });
  });

  it('K27 needs two occurrences for a repeated field', async () => {
    expect(await accepted('GET', '/k/fixo?nomes=a&nomes=b')).toEqual({ nomes: ['a', 'b'] });
    target.grpc.calls.length = 0;
    await expectUnencodable('GET', '/k/fixo?nomes=a');
  });

  it('K28 sets nested fields by dots and drops unknown names', async () => {
    const message = await accepted('GET', '/k/fixo?valor.moeda=BRL&valor.centavos=10&valor.x=1&nada=2');
    expect(message).toEqual({ valor: { moeda: 'BRL', centavos: '10' } });
  });

  it('K28 makes an empty message of a name that ends in a dot', async () => {
    expect(await accepted('GET', '/k/fixo?valor.=1')).toEqual({ valor: {} });
  });

  it('K28 keeps the path variable when the query goes below it', async () => {
    expect(await accepted('GET', '/k/a1?id.x=3')).toEqual({ id: 'a1' });
  });

  it('K29 answers 400 when a number is not one', async () => {
    await expectUnencodable('GET', '/k/fixo?pageSize=abc');
  });

  it('decodes plus signs, escapes and UTF-8', async () => {
    expect(await accepted('GET', '/k/fixo?espacoId=Sala+A%20%C3%A9%2B')).toEqual({ espacoId: 'Sala A é+' });
  });

  it('does not let a query reach object internals', async () => {
    expect(await accepted('GET', '/k/fixo?__proto__.x=1&constructor=2')).toEqual({});
  });
});

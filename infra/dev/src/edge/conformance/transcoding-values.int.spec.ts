import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { TranscodingClient } from './transcoding-client.ts';

let target: ConformanceTarget;
let client: TranscodingClient;

beforeAll(async () => {
  target = await openTarget();
  client = new TranscodingClient(target);
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
  target.grpc.calls.length = 0;
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
    await client.expectUnencodable('POST', '/k', { [field]: value });
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
    await client.expectUnencodable('POST', '/k', body);
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
    expect(await client.accepted('POST', '/k', { numero: given })).toEqual({ numero: expected });
  });

  it.each(['abc', true, {}, []])('K24 answers 400 to %j as an integer', async (given) => {
    await client.expectUnencodable('POST', '/k', { numero: given });
  });

  it('reads int64 from numbers and texts, exactly after #, and refuses what does not fit', async () => {
    expect(await client.accepted('POST', '/k', { grande: 1732360000000 })).toEqual({
      grande: '1732360000000',
    });
    expect(await client.accepted('POST', '/k', { grande: '-42' })).toEqual({ grande: '-42' });
    expect(await client.accepted('POST', '/k', { grande: '#9007199254740993' })).toEqual({
      grande: '9007199254740993',
    });
    // As a double it is one more than fits, and comes out at the other end.
    expect(await client.accepted('POST', '/k', '{"grande":9223372036854775807}')).toEqual({
      grande: '-9223372036854775808',
    });
    await client.expectUnencodable('POST', '/k', { grande: 1e19 });
  });

  it.each([
    [0, true],
    ['false', true],
    [null, true],
    [{}, true],
    [false, false],
    [true, true],
  ])('K25 reads %j as the bool %j', async (given, expected) => {
    expect(await client.accepted('POST', '/k', { ligado: given })).toEqual({ ligado: expected });
  });

  it.each([
    ['?ligado=0', false],
    ['?ligado=false', false],
    ['?ligado=1', true],
    ['?ligado', true],
  ])('K26 reads %s as %j', async (query, expected) => {
    expect(await client.accepted('GET', `/k/fixo${query}`)).toEqual({ ligado: expected });
  });

  it.each([
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['nan', Number.NaN],
    ['1e3', 1000],
  ])('reads the text %j as the double %j', async (given, expected) => {
    expect(await client.accepted('POST', '/k', { real: given })).toEqual({ real: expected });
  });

  it('reads enums by name, number and numeric text', async () => {
    for (const status of ['ATIVO', 1, '1']) {
      expect(await client.accepted('POST', '/k', { status })).toEqual({ status: 1 });
    }
  });

  it('takes lists and empty objects for a repeated field, and string maps', async () => {
    expect(await client.accepted('POST', '/k', { nomes: ['a', 'b'], numeros: ['1', 2] })).toEqual({
      nomes: ['a', 'b'],
      numeros: [1, 2],
    });
    expect(await client.accepted('POST', '/k', { nomes: {}, numeros: [] })).toEqual({});
    expect(await client.accepted('POST', '/k', { rotulos: { cor: 'azul' } })).toEqual({
      rotulos: { cor: 'azul' },
    });
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
    expect(await client.accepted('POST', '/k', { quando: given })).toEqual({ quando: { seconds } });
  });

  it('K33 keeps microseconds', async () => {
    const message = await client.accepted('POST', '/k', { quando: '2025-02-01T14:00:00.123456Z' });
    expect(message.quando).toEqual({ seconds: '1738418400', nanos: 123456000 });
  });

  it.each([1738418400, { seconds: 1 }, 'ontem', ''])('K33 answers 400 to %j', async (given) => {
    await client.expectUnencodable('POST', '/k', { quando: given });
  });

  it.each([{ duracao: '3600s' }, { texto: 'x' }])('K38 answers 400 to ProtoJSON %j', async (body) => {
    await client.expectUnencodable('POST', '/k', body);
  });

  it('reads Duration and wrappers as plain messages', async () => {
    expect(await client.accepted('POST', '/k', { duracao: { seconds: 60 }, texto: { value: 'x' } })).toEqual({
      duracao: { seconds: '60' },
      texto: { value: 'x' },
    });
  });
});

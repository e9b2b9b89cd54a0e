import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';
import { sendPlain } from './plain-client.ts';
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

describe('paths', () => {
  it('K02 binds the variable and calls the method when the rule has a verb', async () => {
    expect(await client.accepted('POST', '/k/a1:cancelar', {})).toEqual({ id: 'a1' });
    expect(target.grpc.calls[0]?.path).toBe('/conformidade.k.Servico/Cancelar');
  });

  it('K03 does not match a verb when its colon is escaped', async () => {
    const { status, text } = await client.send('POST', '/k/a1%3Acancelar', {});
    expect(status).toBe(400);
    expect(text).toBe('failed to transcode .proto file Unknown path "/k/a1%3Acancelar"');
  });

  it('K04 decodes UTF-8 and spaces in a variable', async () => {
    expect(await client.accepted('GET', '/k/S%C3%A3o%20A')).toEqual({ id: 'São A' });
  });

  it('K05 keeps an escaped slash, in upper case', async () => {
    expect(await client.accepted('GET', '/k/a%2fb')).toEqual({ id: 'a%2Fb' });
  });

  it('K06 normalises double slashes and dot segments before matching', async () => {
    const { status } = await sendPlain(target.baseUrl, { path: '/k//x/../y' });
    expect(status).toBe(200);
    expect(client.lastMessage()).toEqual({ id: 'y' });
  });

  it('K10 takes the first rule in file order when two match', async () => {
    await client.accepted('GET', '/k/fixo');
    expect(target.grpc.calls[0]?.path).toBe('/conformidade.k.Servico/Fixo');
  });

  it('K11 knows only the last of two additional bindings', async () => {
    expect((await client.send('GET', '/k/duplo/a')).status).toBe(200);
    expect((await client.send('GET', '/k/duplo/b')).status).toBe(400);
    expect((await client.send('GET', '/k/duplo/c')).status).toBe(200);
  });

  it('K11 serves a single additional binding with its own body', async () => {
    expect(await client.accepted('POST', '/k/unico/b', { numero: 5 })).toEqual({ numero: 5 });
  });

  it('binds the rest of the path when the variable says **', async () => {
    expect(await client.accepted('GET', '/k/arquivo/a/b/c')).toEqual({ id: 'a/b/c' });
  });
});

describe('queries', () => {
  it('K13 lets a query value win over the path variable', async () => {
    expect(await client.accepted('GET', '/k/a1?id=b2')).toEqual({ id: 'b2' });
  });

  it('K27 needs two occurrences for a repeated field', async () => {
    expect(await client.accepted('GET', '/k/fixo?nomes=a&nomes=b')).toEqual({ nomes: ['a', 'b'] });
    await client.expectUnencodable('GET', '/k/fixo?nomes=a');
  });

  it('K28 sets nested fields by dots and drops unknown names', async () => {
    const message = await client.accepted(
      'GET',
      '/k/fixo?valor.moeda=BRL&valor.centavos=10&valor.x=1&nada=2',
    );
    expect(message).toEqual({ valor: { moeda: 'BRL', centavos: '10' } });
  });

  it('K28 makes an empty message of a name that ends in a dot', async () => {
    expect(await client.accepted('GET', '/k/fixo?valor.=1')).toEqual({ valor: {} });
  });

  it('K28 keeps the path variable when the query goes below it', async () => {
    expect(await client.accepted('GET', '/k/a1?id.x=3')).toEqual({ id: 'a1' });
  });

  it('K29 answers 400 when a number is not one', async () => {
    await client.expectUnencodable('GET', '/k/fixo?pageSize=abc');
  });

  it('decodes plus signs, escapes and UTF-8', async () => {
    expect(await client.accepted('GET', '/k/fixo?espacoId=Sala+A%20%C3%A9%2B')).toEqual({
      espacoId: 'Sala A é+',
    });
  });

  it('does not let a query reach object internals', async () => {
    expect(await client.accepted('GET', '/k/fixo?__proto__.x=1&constructor=2')).toEqual({});
  });
});

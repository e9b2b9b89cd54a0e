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

describe('bodies', () => {
  it('K12 lets a body value win over the path variable', async () => {
    expect(await client.accepted('POST', '/k/a1:cancelar', { id: 'b2' })).toEqual({ id: 'b2' });
  });

  it('K14 ignores the query when the rule reads the body', async () => {
    expect(await client.accepted('POST', '/k?numero=7', { id: 'x' })).toEqual({ id: 'x' });
  });

  it('K15 ignores the body when the rule names none', async () => {
    expect(await client.accepted('POST', '/k/a1/semcorpo', { numero: 7 })).toEqual({ id: 'a1' });
  });

  it('K16 takes an empty body as an empty message', async () => {
    expect(await client.accepted('POST', '/k')).toEqual({});
  });

  it('K17 answers 400 to invalid JSON', async () => {
    expect(await client.send('POST', '/k', '{"id":')).toEqual({
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
    const { status, text } = await client.send('POST', '/k', body);
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
    expect(await client.accepted('POST', '/k', body)).toEqual(expected);
  });

  it.each(['"x"', '1', 'null', 'true'])('K18 answers 400 when the body is %s', async (body) => {
    const { status, text } = await client.send('POST', '/k', body);
    expect({ status, text }).toEqual({ status: 400, text: 'body must be a table' });
  });

  it('K19 takes a list as an empty message', async () => {
    expect(await client.accepted('POST', '/k', [1])).toEqual({});
  });

  it('K20 ignores unknown keys, whatever they hold', async () => {
    expect(await client.accepted('POST', '/k', { id: 'x', novo: { a: [null] }, nada: null })).toEqual({
      id: 'x',
    });
  });

  it('K21 ignores names written in the other case', async () => {
    expect(await client.accepted('POST', '/k', { espaco_id: 'x' })).toEqual({});
    expect(await client.accepted('POST', '/pw', { espacoId: 'x' })).toEqual({});
  });

  it('puts the body into one field when the rule says so', async () => {
    expect(await client.accepted('PATCH', '/k/a1/valor', { moeda: 'BRL', centavos: 9 })).toEqual({
      id: 'a1',
      valor: { moeda: 'BRL', centavos: '9' },
    });
  });

  it('K36 keeps explicit empty values in proto2 and drops them in proto3, false excepted', async () => {
    const empties = { id: '', numero: 0, ligado: false };
    expect(await client.accepted('POST', '/k', empties)).toEqual(empties);
    await client.accepted('POST', '/pw', empties);
    expect(target.grpc.calls.at(-1)?.message.toString('hex')).toBe('2000');
  });
});

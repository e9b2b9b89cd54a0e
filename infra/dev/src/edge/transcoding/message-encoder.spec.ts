import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import { EncodeError, encodeMessage } from './message-encoder.ts';
import { SpecCompiler } from './message-spec.ts';

const NO =
  'syntax = "proto3"; message No { No dentro = 1; repeated No lista = 2; map<string, No> mapa = 3; string nome = 4; }';

const spec = new SpecCompiler().compile(
  protobuf.parse(NO, { keepCase: true }).root.resolveAll().lookupType('No'),
);

function nested(levels: number, wrap: (inner: object) => object): object {
  let payload: object = { nome: 'x' };
  for (let level = 0; level < levels; level += 1) payload = wrap(payload);
  return payload;
}

describe('encodeMessage', () => {
  it.each([
    ['itself', (dentro: object) => ({ dentro })],
    ['a list of itself', (item: object) => ({ lista: [item] })],
    ['a map of itself', (item: object) => ({ mapa: { x: item } })],
  ])('follows a message with %s a hundred levels down, and no further', (_, wrap) => {
    expect(encodeMessage(spec, { ...nested(100, wrap) }).length).toBeGreaterThan(100);
    expect(() => encodeMessage(spec, { ...nested(101, wrap) })).toThrow(EncodeError);
    expect(() => encodeMessage(spec, { ...nested(50_000, wrap) })).toThrow(EncodeError);
  });
});

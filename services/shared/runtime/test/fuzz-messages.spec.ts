import { isMessage, type Message, toBinary } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { describe, expect, it } from '@jest/globals';
import { CriarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { messages } from '@plataforma/testing/fuzz/messages';
import fc from 'fast-check';

const nothing = () => [];

function sample(numRuns: number, known = nothing): Message[] {
  return fc.sample(messages(CriarEspacoRequestSchema, known), { numRuns, seed: 1 });
}

describe('random messages of a type', () => {
  it('are of the type, can be sent, and are the same for the same seed', () => {
    const bytes = (all: Message[]) =>
      all.map((message) => {
        expect(isMessage(message, CriarEspacoRequestSchema)).toBe(true);
        return toBinary(CriarEspacoRequestSchema, message as never);
      });
    expect(bytes(sample(50))).toEqual(bytes(sample(50)));
  });

  it('keep to the rules of the contract often, and break them now and then', () => {
    const validator = createValidator();
    const kinds = sample(300).map(
      (message) => validator.validate(CriarEspacoRequestSchema, message as never).kind,
    );
    expect(kinds.filter((kind) => kind === 'valid').length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => kind === 'invalid').length).toBeGreaterThan(10);
  });

  it('are mostly what is known', () => {
    const nomes = fc
      .sample(
        messages(CriarEspacoRequestSchema, ({ localName }) => (localName === 'nome' ? ['Sala Ipê'] : [])),
        100,
      )
      .map((message) => (message as { nome?: string }).nome);
    expect(nomes.filter((nome) => nome === 'Sala Ipê').length).toBeGreaterThan(50);
  });
});

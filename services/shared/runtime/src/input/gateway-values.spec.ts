import { fromBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { UpdateUserRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe } from '../errors/errors.ts';
import { RequestShape } from './request-shape.ts';
import { guardWire } from './wire-guard.ts';

const COTAR = RequestShape.of(CotarReservaRequestSchema);
const EXTRAS = 4;

const write = (fill: (writer: BinaryWriter) => void): Uint8Array => {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
};
const delimited = (writer: BinaryWriter, field: number, bytes: Uint8Array) =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);
const text = (field: number, value: string) =>
  write((writer) => delimited(writer, field, Buffer.from(value)));

/** What the caller is told, or `passes`. */
function guarded(shape: RequestShape, bytes: Uint8Array): string {
  try {
    guardWire(shape, bytes);
    return 'passes';
  } catch (err) {
    if (!(err instanceof ConnectError)) throw err;
    return `${motivoDe(err)}: ${err.rawMessage}`;
  }
}

const NOT_OF_CONTRACT =
  'REQUISICAO_INVALIDA: O corpo da requisição não corresponde ao contrato desta operação.';

describe('a value in a form of the gateway', () => {
  const QUANTIDADE = 2;
  const read = (bytes: Uint8Array) => {
    guardWire(COTAR, bytes);
    return fromBinary(CotarReservaRequestSchema, bytes, { readUnknownFields: false });
  };
  const extra = (fill: (writer: BinaryWriter) => void) => write((w) => delimited(w, EXTRAS, write(fill)));
  const double = (value: number) => extra((w) => w.tag(QUANTIDADE, WireType.Bit64).double(value));
  const digits = (value: string) => extra((w) => delimited(w, QUANTIDADE, Buffer.from(value)));
  const REFUSED =
    'REQUISICAO_INVALIDA: Requisição inválida: extras[0].quantidade deve ser um número inteiro de 0 a 2147483647.';

  it.each([0, 1, 127, 128, 16_384, 2_147_483_647])('is the number that it says: %d', (number) => {
    const around = [text(1, 'esp_1'), text(1 << 7, 'depois')];
    for (const form of [double(number), digits(String(number))]) {
      const { espacoId, extras } = read(
        Buffer.concat([around[0] as Uint8Array, form, around[1] as Uint8Array]),
      );
      expect([espacoId, extras.map(({ quantidade, $unknown }) => [quantidade, $unknown])]).toEqual([
        'esp_1',
        [[number, undefined]],
      ]);
    }
  });

  it('may be longer than a number', () => {
    expect(read(digits(`${'0'.repeat(18)}42`)).extras).toMatchObject([{ quantidade: 42 }]);
    expect(read(digits(`${'0'.repeat(9)}7`)).extras).toMatchObject([{ quantidade: 7 }]);
  });

  it.each([1.5, -1, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE])(
    'is refused: %d',
    (value) => {
      expect(guarded(COTAR, double(value))).toBe(REFUSED);
    },
  );

  it.each(['', '1.5', '-1', '2147483648', 'x'.repeat(50_000), '१'])('is refused as a text: %j', (value) => {
    expect(guarded(COTAR, digits(value))).toBe(REFUSED);
  });

  it('is refused when it comes twice, or ends behind its message', () => {
    const twice = extra((w) => {
      w.tag(QUANTIDADE, WireType.Bit64).double(1);
      w.tag(QUANTIDADE, WireType.Varint).int32(2);
    });
    expect(guarded(COTAR, twice)).toContain('extras[0].quantidade aparece mais de uma vez');
    expect(guarded(COTAR, Uint8Array.from([0x22, 0x02, 0x11, 0x00]))).toBe(NOT_OF_CONTRACT);
    expect(guarded(COTAR, Uint8Array.from([0x22, 0x02, 0x12, 0x05]))).toBe(NOT_OF_CONTRACT);
  });

  it('is a word for a value of an enum, alone or in a list, beside numbers of native callers', () => {
    const papeis = RequestShape.of(UpdateUserRequestSchema);
    const bytes = Buffer.concat([
      text(3, 'GESTOR'),
      write((w) => delimited(w, 3, Uint8Array.from([1]))),
      write((w) => w.tag(3, WireType.Varint).int32(3)),
    ]);
    guardWire(papeis, bytes);
    expect(fromBinary(UpdateUserRequestSchema, bytes).papeis).toEqual([2, 1, 3]);
    expect(guarded(papeis, Buffer.concat(['A', 'B', 'C', 'D'].map(() => text(3, 'GESTOR'))))).toContain(
      'papeis deve ter no máximo 3 itens',
    );
  });

  it('is true or false', () => {
    const ATIVO = 4;
    const ativo = (word: string) => {
      const bytes = text(ATIVO, word);
      guardWire(RequestShape.of(UpdateUserRequestSchema), bytes);
      return fromBinary(UpdateUserRequestSchema, bytes).ativo;
    };
    expect([ativo('true'), ativo('false')]).toEqual([true, false]);
    expect(guarded(RequestShape.of(UpdateUserRequestSchema), text(ATIVO, '0'))).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: ativo deve ser true ou false.',
    );
  });
});

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { DescriptorProtoSchema, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { RefreshRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { UpdateUserRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { AtualizarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe } from '../errors/errors.ts';
import { RequestShape } from './request-shape.ts';
import { guardWire } from './wire-guard.ts';

const COTAR = RequestShape.of(CotarReservaRequestSchema);
const INICIO = 2;
const EXTRAS = 4;
const UPDATE_MASK = AtualizarEspacoRequestSchema.field.updateMask.number;

const write = (fill: (writer: BinaryWriter) => void): Uint8Array => {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
};
const delimited = (writer: BinaryWriter, field: number, bytes: Uint8Array) =>
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);
const text = (field: number, value: string) =>
  write((writer) => delimited(writer, field, Buffer.from(value, 'utf8')));

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

describe('the guard of the wire', () => {
  it('lets a proper request pass as it is', () => {
    const extras = Array.from({ length: 50 }, (_, i) => ({ codigo: `E_${i}`, quantidade: i + 1 }));
    const dataInicio = timestampFromDate(new Date('2026-12-10T13:00:00.123Z'));
    const bytes = toBinary(
      CotarReservaRequestSchema,
      create(CotarReservaRequestSchema, { espacoId: 'esp_1', dataInicio, extras }),
    );
    const before = Buffer.from(bytes);
    expect(guarded(COTAR, bytes)).toBe('passes');
    expect(Buffer.from(bytes)).toEqual(before);
  });

  it.each([51, 10_000])('refuses a list of %s where 50 are allowed', (items) => {
    const bytes = write((writer) => {
      for (let i = 0; i < items; i += 1) delimited(writer, EXTRAS, new Uint8Array());
    });
    expect(guarded(COTAR, bytes)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: extras deve ter no máximo 50 itens.',
    );
  });

  it('refuses more bytes than the contract can need, whatever they are', () => {
    const bytes = new Uint8Array(COTAR.maxBytes + 1);
    expect(guarded(COTAR, bytes)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: esta operação aceita no máximo 64 KiB.',
    );
  });

  it('lets a request pass that is as long as it may be', () => {
    const unknown = (length: number) => write((writer) => delimited(writer, 99, new Uint8Array(length)));
    const overhead = unknown(COTAR.maxBytes - 10).length - (COTAR.maxBytes - 10);
    expect(guarded(COTAR, unknown(COTAR.maxBytes - overhead))).toBe('passes');
    expect(guarded(COTAR, unknown(COTAR.maxBytes - overhead + 1))).toContain('no máximo 64 KiB');
  });

  it('refuses more unknown fields than a newer contract can have', () => {
    const unknown = (fields: number) =>
      write((writer) => {
        for (let field = 0; field < fields; field += 1) writer.tag(99, WireType.Varint).int32(1);
      });
    expect(guarded(COTAR, unknown(COTAR.maxUnknown))).toBe('passes');
    expect(guarded(COTAR, unknown(COTAR.maxUnknown + 1))).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: há campos desconhecidos demais para esta operação.',
    );
  });

  it('refuses messages that are nested deeper than those of any contract', () => {
    const NESTED_TYPE = 3;
    const OPTIONS = 7;
    const nested = (levels: number, innermost: Uint8Array = new Uint8Array()): Uint8Array =>
      levels === 0
        ? innermost
        : write((writer) => delimited(writer, NESTED_TYPE, nested(levels - 1, innermost)));
    const shape = RequestShape.of(DescriptorProtoSchema);
    expect(guarded(shape, nested(8))).toBe('passes');
    expect(guarded(shape, nested(9))).toContain('tem níveis demais');
    const options = write((writer) => delimited(writer, OPTIONS, new Uint8Array()));
    expect(guarded(shape, nested(7, options))).toBe('passes');
    expect(guarded(shape, nested(8, options))).toContain('tem níveis demais');
  });

  it('refuses a list that is packed, in parts, or both, when it is too long in all', () => {
    const packed = (values: number[]) => write((writer) => delimited(writer, 3, Uint8Array.from(values)));
    const single = write((writer) => writer.tag(3, WireType.Varint).int32(1));
    const papeis = RequestShape.of(UpdateUserRequestSchema);
    const refused = 'REQUISICAO_INVALIDA: Requisição inválida: papeis deve ter no máximo 3 itens.';
    expect(guarded(papeis, packed([1, 2, 3]))).toBe('passes');
    expect(guarded(papeis, packed([1, 2, 3, 1]))).toBe(refused);
    expect(guarded(papeis, Buffer.concat([packed([1, 2]), packed([3, 1])]))).toBe(refused);
    expect(guarded(papeis, Buffer.concat([packed([1, 2, 3]), single]))).toBe(refused);
  });

  it('refuses a list that grows by merging the message around it', () => {
    const mask = write((writer) => delimited(writer, UPDATE_MASK, text(1, 'nome')));
    const shape = RequestShape.of(AtualizarEspacoRequestSchema);
    expect(guarded(shape, mask)).toBe('passes');
    expect(guarded(shape, Buffer.concat([mask, mask]))).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: updateMask aparece mais de uma vez.',
    );
  });

  it('refuses a list inside a message, and names where it is', () => {
    const paths = Buffer.concat(Array.from({ length: 33 }, () => text(1, 'nome')));
    const bytes = write((writer) => delimited(writer, UPDATE_MASK, paths));
    expect(guarded(RequestShape.of(AtualizarEspacoRequestSchema), bytes)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: updateMask.paths deve ter no máximo 32 itens.',
    );
  });

  it('refuses a text that is too long however its characters are counted, in a list too', () => {
    expect(guarded(RequestShape.of(RefreshRequestSchema), text(1, 'x'.repeat(2_049)))).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: refreshToken deve ter no máximo 512 caracteres.',
    );
    expect(guarded(RequestShape.of(RefreshRequestSchema), text(1, '😀'.repeat(512)))).toBe('passes');
    const longCode = write((writer) => delimited(writer, EXTRAS, text(1, 'x'.repeat(129))));
    expect(guarded(COTAR, longCode)).toBe(
      'REQUISICAO_INVALIDA: Requisição inválida: extras[0].codigo deve ter no máximo 32 caracteres.',
    );
  });

  it('passes over unknown fields of every kind, which the decoder then drops', () => {
    const bytes = write((writer) => {
      writer.tag(99, WireType.Varint).uint64(2n ** 64n - 1n);
      writer.tag(98, WireType.Bit32).fixed32(1);
      writer.tag(97, WireType.Bit64).fixed64(1n);
      delimited(writer, 96, Buffer.from('a field of a newer contract'));
      writer.tag(1, WireType.LengthDelimited).string('esp_1');
    });
    expect(guarded(COTAR, bytes)).toBe('passes');
    const decoded = fromBinary(CotarReservaRequestSchema, bytes, { readUnknownFields: false });
    expect([decoded.espacoId, decoded.$unknown]).toEqual(['esp_1', undefined]);
  });

  it.each<[string, readonly number[]]>([
    ['a group, nested without end', Array.from({ length: 5_000 }, () => 0x0b)],
    ['the end of a group', [0x0c]],
    ['a wire type that there is none of', [0x0e]],
    ['the field 0', [0x02, 0x00]],
    ['a number without end', [0x98, 0x06, ...Array.from({ length: 11 }, () => 0x80), 0x00]],
    ['a tag without end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
    ['a tag of more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a length beyond the end', [0x0a, 0x05, 0x61]],
    ['a length of 4 GiB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a number cut off', [0x98, 0x06, 0x80]],
    ['a fixed number cut off', [0x9d, 0x06, 0x00]],
    ['a field inside that ends behind its message', [0x22, 0x02, 0x0a, 0x05, 0x61, 0x61, 0x61, 0x61, 0x61]],
    ['a number where a text belongs', [0x08, 0x01]],
    ['a fixed number where a message belongs', [0x15, 0x00, 0x00, 0x00, 0x00]],
  ])('refuses %s', (_, bytes) => {
    expect(guarded(COTAR, Uint8Array.from(bytes))).toBe(NOT_OF_CONTRACT);
  });
});

describe('an instant on the wire', () => {
  const decode = (bytes: Uint8Array) => {
    guardWire(COTAR, bytes);
    return fromBinary(CotarReservaRequestSchema, bytes, { readUnknownFields: false });
  };
  const REFUSED =
    'REQUISICAO_INVALIDA: Requisição inválida: dataInicio deve ser um instante que existe, em RFC 3339 e com fuso, ' +
    'como 2026-12-10T13:00:00Z ou 2026-12-10T10:00:00-03:00';

  it.each([
    ['2026-12-10T10:00:00-03:00', '2026-12-10T13:00:00.000Z'],
    ['2026-12-10T13:00:00Z', '2026-12-10T13:00:00.000Z'],
    ['1969-12-31T23:59:58.250Z', '1969-12-31T23:59:58.250Z'],
    ['0001-01-01T00:00:00.000000000+00:00', '0001-01-01T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999-00:00', '9999-12-31T23:59:59.999Z'],
  ])('is understood as a text: %s', (sent, instant) => {
    const decoded = decode(Buffer.concat([text(1, 'esp_1'), text(INICIO, sent), text(1 << 7, 'depois')]));
    expect(decoded.dataInicio && timestampDate(decoded.dataInicio).toISOString()).toBe(instant);
    expect([decoded.espacoId, decoded.dataInicio?.$unknown]).toEqual(['esp_1', undefined]);
  });

  it.each([
    ['12/10/2026', ''],
    ['2027-02-30T15:00:00Z', ''],
    ['1796900000', ''],
    ['2026-12-10', ''],
    ['amanhã', ''],
    ['', ''],
    ['2026-12-10T10:00:00 03:00', ' (na URL, escreva %2B no lugar de +)'],
    ['9'.repeat(60_000), ''],
  ])('is refused as the text %s', (sent, hint) => {
    expect(guarded(COTAR, text(INICIO, sent))).toBe(`${REFUSED}${hint}.`);
  });

  it('is walked as a message, so it cannot hide anything', () => {
    const hidden = write((writer) => {
      writer.tag(1, WireType.Varint).int64(1n);
      writer.tag(1, WireType.Varint).int64(2n);
    });
    expect(
      guarded(
        COTAR,
        write((writer) => delimited(writer, INICIO, hidden)),
      ),
    ).toBe('REQUISICAO_INVALIDA: Requisição inválida: dataInicio.seconds aparece mais de uma vez.');
    const group = Uint8Array.from([0x08, 0x01, 0x0b]);
    expect(
      guarded(
        COTAR,
        write((writer) => delimited(writer, INICIO, group)),
      ),
    ).toBe(NOT_OF_CONTRACT);
  });
});

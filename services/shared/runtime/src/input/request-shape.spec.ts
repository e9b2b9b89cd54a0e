import {
  FieldDescriptorProtoSchema,
  SourceCodeInfo_LocationSchema,
  StringValueSchema,
  StructSchema,
  ValueSchema,
} from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { RefreshRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ServerReflectionRequestSchema } from '@plataforma/contratos/grpc/reflection/v1/reflection_pb';
import {
  AtualizarEspacoRequestSchema,
  CriarEspacoRequestSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { MAX_REQUEST_BYTES, RequestShape } from './request-shape.ts';

describe('the shape of a request', () => {
  it('allows as many bytes as the longest JSON of the contract needs', () => {
    const KIB = 1024;
    expect(RequestShape.of(RefreshRequestSchema).maxBytes).toBe(64 * KIB);
    expect(RequestShape.of(CriarEspacoRequestSchema).maxBytes).toBe(192 * KIB);
    expect(RequestShape.of(AtualizarEspacoRequestSchema).maxBytes).toBe(192 * KIB);
  });

  it('allows what any request may have where the contract bounds nothing', () => {
    expect(RequestShape.of(StringValueSchema).maxBytes).toBe(MAX_REQUEST_BYTES);
    expect(RequestShape.of(ServerReflectionRequestSchema).maxBytes).toBe(MAX_REQUEST_BYTES);
  });

  it('knows which values may share one place on the wire, and which are instants', () => {
    const { byNumber, byJsonName } = RequestShape.of(FieldDescriptorProtoSchema);
    const number = byJsonName.get('number');
    expect(number).toMatchObject({ isList: false, isPackable: false, isInstant: false, text: undefined });
    expect(byNumber.get(number?.desc.number ?? 0)).toBe(number);
    const [path, spans] = ['path', 'leadingDetachedComments'].map((name) =>
      RequestShape.of(SourceCodeInfo_LocationSchema).byJsonName.get(name),
    );
    expect(path).toMatchObject({ isList: true, isPackable: true });
    expect(spans).toMatchObject({ isList: true, isPackable: false });
    expect(RequestShape.of(CotarReservaRequestSchema).byJsonName.get('dataInicio')?.isInstant).toBe(true);
  });

  it('counts its values, and allows as many again, and a hundred, of which it knows nothing', () => {
    const shape = RequestShape.of(RefreshRequestSchema);
    const fields = RefreshRequestSchema.fields.length;
    expect([shape.maxValues, shape.maxUnknown]).toEqual([fields, fields + 100]);
    expect(RequestShape.of(FieldDescriptorProtoSchema).maxValues).toBe(Number.POSITIVE_INFINITY);
    // Its two instants are one value each.
    const quote = RequestShape.of(CotarReservaRequestSchema);
    expect([quote.byJsonName.get('dataInicio')?.message !== undefined, quote.maxValues]).toEqual([
      ...[true, 3 + 1 + 50 * (1 + 2)],
    ]);
  });

  it('knows whether people write into it, or into what is inside it', () => {
    expect(RequestShape.of(CriarEspacoRequestSchema).hasHumanText).toBe(true);
    expect(RequestShape.of(RefreshRequestSchema).hasHumanText).toBe(false);
    const extras = RequestShape.of(CriarEspacoRequestSchema).byJsonName.get('extras')?.message;
    expect(extras?.hasHumanText).toBe(true);
  });

  it('cannot be one with a map', () => {
    expect(() => RequestShape.of(StructSchema)).toThrow('requests cannot have maps');
    expect(() => RequestShape.of(ValueSchema)).toThrow('requests cannot have maps');
  });
});

import { StringValueSchema, StructSchema, ValueSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { RefreshRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ServerReflectionRequestSchema } from '@plataforma/contratos/grpc/reflection/v1/reflection_pb';
import {
  AtualizarEspacoRequestSchema,
  CriarEspacoRequestSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
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

  it('cannot be one with a map', () => {
    expect(() => RequestShape.of(StructSchema)).toThrow('requests cannot have maps');
    expect(() => RequestShape.of(ValueSchema)).toThrow('requests cannot have maps');
  });
});

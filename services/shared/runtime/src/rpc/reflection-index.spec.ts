import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { Health } from '@plataforma/contratos/grpc/health/v1/health_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { ReflectionIndex } from './reflection-index.ts';

const index = new ReflectionIndex([ReservasService, Health]);

const names = (files: Uint8Array[] | undefined) =>
  files?.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);

describe('ReflectionIndex', () => {
  it('lists the services it was given', () => {
    expect(index.services).toEqual(['reservas.v1.ReservasService', 'grpc.health.v1.Health']);
  });

  it.each([
    'reservas.v1.ReservasService',
    'reservas.v1.ReservasService.CriarReserva',
    'reservas.v1.CriarReservaRequest',
    'reservas.v1.CriarReservaRequest.espaco_id',
  ])('finds the file that declares %s, followed by its dependencies', (symbol) => {
    const found = names(index.symbol(symbol));
    expect(found?.[0]).toBe('reservas/v1/reservas_service.proto');
    expect(found).toEqual(
      expect.arrayContaining([
        'buf/validate/validate.proto',
        'google/protobuf/timestamp.proto',
        'google/api/http.proto',
      ]),
    );
  });

  it('finds a file by its name', () => {
    expect(names(index.file('grpc/health/v1/health.proto'))).toEqual(['grpc/health/v1/health.proto']);
  });

  it('finds extensions by number', () => {
    expect(names(index.extension('google.protobuf.MethodOptions', 72295728))?.[0]).toBe(
      'google/api/annotations.proto',
    );
    expect(index.extensionNumbers('google.protobuf.MethodOptions')).toContain(72295728);
  });

  it.each(['pagamentos.v1.PagamentosService', ''])('knows nothing of %p', (symbol) => {
    expect(index.symbol(symbol)).toBeUndefined();
    expect(index.file(symbol)).toBeUndefined();
    expect(index.extensionNumbers(symbol)).toBeUndefined();
  });
});

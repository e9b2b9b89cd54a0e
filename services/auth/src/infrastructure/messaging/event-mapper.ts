import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UsuarioRegistradoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import type { UsuarioEvent } from '../../domain/usuario.ts';
import { toPapelProto } from '../../presentation/grpc/mappers.ts';

/** The fact as other services learn it. */
export function toIntegrationEvent(event: UsuarioEvent, versao: number): IntegrationEvent {
  const agregado = { tipo: 'usuario', id: event.usuarioId, versao };
  return integrationEvent(
    UsuarioRegistradoSchema,
    {
      usuarioId: event.usuarioId,
      nome: event.nome,
      email: event.email,
      papeis: event.papeis.map(toPapelProto),
      ocorridoEm: timestampFromDate(event.em),
    },
    agregado,
  );
}

import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { VagaOferecidaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import { facts } from '../../reservas/infrastructure/event-mapper.ts';
import type { VagaOferecida } from '../domain/entrada-fila.ts';

/** The offer as the other services learn of it. */
export function toVagaOferecida({ reserva, versao, em }: VagaOferecida, entradaId: string): IntegrationEvent {
  return integrationEvent(
    VagaOferecidaSchema,
    { ...facts(reserva, em), entradaId, expiraEm: timestampFromDate(reserva.expiraEm) },
    { tipo: 'entrada-fila', id: entradaId, versao },
  );
}

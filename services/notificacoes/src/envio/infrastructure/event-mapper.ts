import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { NotificacaoEnviadaSchema } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { Canal, ModeloNotificacao } from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import { trailOf } from '@plataforma/runtime/trail';
import type { NotificacaoEnviada } from '../application/ports.ts';

/** The fact as other services learn it. */
export function toIntegrationEvent({ notificacao, versao, em }: NotificacaoEnviada): IntegrationEvent {
  const agregado = { tipo: 'notificacao', id: notificacao.id, versao };
  return integrationEvent(
    NotificacaoEnviadaSchema,
    {
      notificacaoId: notificacao.id,
      clienteId: notificacao.clienteId,
      canal: Canal[notificacao.canal],
      modelo: ModeloNotificacao[notificacao.modelo],
      reservaId: notificacao.reservaId,
      ocorridoEm: timestampFromDate(em),
    },
    agregado,
    trailOf(notificacao.rastro),
  );
}

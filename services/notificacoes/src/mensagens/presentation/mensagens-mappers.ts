import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  Canal,
  EntregaNotificacao,
  ModeloNotificacao,
  type Notificacao,
  NotificacaoSchema,
  StatusNotificacao,
} from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import type { NotificacaoListada } from '../domain/notificacao.ts';

export function toNotificacaoProto(notificacao: NotificacaoListada): Notificacao {
  const { canal, modelo, status, entrega, criadoEm, enviadoEm, ...mesmos } = notificacao;
  return create(NotificacaoSchema, {
    ...mesmos,
    canal: Canal[canal],
    modelo: ModeloNotificacao[modelo],
    status: StatusNotificacao[status],
    entrega: EntregaNotificacao[entrega ?? 'UNSPECIFIED'],
    criadoEm: timestampFromDate(criadoEm),
    ...(enviadoEm && { enviadoEm: timestampFromDate(enviadoEm) }),
  });
}

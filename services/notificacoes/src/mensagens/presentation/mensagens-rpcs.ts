import { create } from '@bufbuild/protobuf';
import { ListarNotificacoesResponseSchema } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { ListarNotificacoesHandler } from '../application/listar-notificacoes.ts';
import { toNotificacaoProto } from './mensagens-mappers.ts';

export function mensagensRpcs(listar: ListarNotificacoesHandler): NotificacoesRpcs {
  return {
    async listarNotificacoes({ clienteId, reservaId, pageSize, pageToken }, context) {
      const { id, papeis } = principalOf(context);
      const solicitante = { id, admin: papeis.includes('ADMIN') };
      const { itens, proxima } = valueOrThrow(
        await listar.execute({ solicitante, clienteId, reservaId, pageSize, pageToken }),
      );
      return create(ListarNotificacoesResponseSchema, {
        notificacoes: itens.map(toNotificacaoProto),
        nextPageToken: toPageToken(proxima),
      });
    },
  };
}

import { create } from '@bufbuild/protobuf';
import { ListarNotificacoesResponseSchema } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { toRpcError } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { ListarNotificacoes } from '../application/listar-notificacoes.ts';
import { toNotificacaoProto } from './mensagens-mappers.ts';

export function mensagensRpcs(listar: ListarNotificacoes): NotificacoesRpcs {
  return {
    async listarNotificacoes({ clienteId, reservaId, pageSize, pageToken }, context) {
      const { id, papeis } = principalOf(context);
      const leitor = { id, admin: papeis.includes('ADMIN') };
      const outcome = await listar.execute({ leitor, clienteId, reservaId, pageSize, pageToken });
      if (outcome.isFailure) throw toRpcError(outcome.error);
      const { itens, nextPageToken } = outcome.value;
      return create(ListarNotificacoesResponseSchema, {
        notificacoes: itens.map(toNotificacaoProto),
        nextPageToken,
      });
    },
  };
}

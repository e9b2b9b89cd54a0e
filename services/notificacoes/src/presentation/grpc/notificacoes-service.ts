import { create } from '@bufbuild/protobuf';
import {
  ListarNotificacoesResponseSchema,
  NotificacoesService,
} from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { ListarNotificacoes } from '../../application/listar-notificacoes.ts';
import { toRpcError } from './errors.ts';
import { toNotificacaoProto } from './mappers.ts';

/** What the platform has told a person. */
export function notificacoesService(listar: ListarNotificacoes): RpcService {
  return rpcService(NotificacoesService, {
    acesso: {
      listarNotificacoes: 'AUTENTICADO',
      obterPreferencias: 'AUTENTICADO',
      atualizarPreferencias: 'AUTENTICADO',
    },
    impl: {
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
    },
  });
}

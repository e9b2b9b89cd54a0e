import { create } from '@bufbuild/protobuf';
import {
  ListarNotificacoesResponseSchema,
  NotificacoesService,
} from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { ListarNotificacoes } from '../../application/listar-notificacoes.ts';
import type { PreferenciasDoCliente } from '../../application/preferencias-do-cliente.ts';
import { toRpcError } from './errors.ts';
import { toNotificacaoProto, toPreferencias, toPreferenciasProto } from './mappers.ts';

/** What the platform has told a person, and what the person wants to be told. */
export function notificacoesService(
  listar: ListarNotificacoes,
  preferencias: PreferenciasDoCliente,
): RpcService {
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
      async obterPreferencias(_request, context) {
        const { id } = principalOf(context);
        return toPreferenciasProto(id, await preferencias.obter(id));
      },
      async atualizarPreferencias(request, context) {
        const { id } = principalOf(context);
        const outcome = await preferencias.atualizar(id, toPreferencias(request));
        if (outcome.isFailure) throw toRpcError(outcome.error);
        return toPreferenciasProto(id, outcome.value);
      },
    },
  });
}

import type { ServiceImpl } from '@connectrpc/connect';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { type Repeats, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { NOTIFICACOES } from './acesso.ts';
import { MOSTRA_NOTIFICACOES } from './consultas.ts';

/** What a room answers of the service. */
export type NotificacoesRpcs = Partial<ServiceImpl<typeof NotificacoesService>>;

/** What the platform has told a person, and what the person wants to be told: each room answers its part. */
export function notificacoesService(
  repeats: Repeats<typeof NotificacoesService>,
  ...rooms: readonly NotificacoesRpcs[]
): RpcService {
  return rpcService(NotificacoesService, {
    acesso: NOTIFICACOES,
    mostra: MOSTRA_NOTIFICACOES,
    repeats,
    impl: Object.assign({}, ...rooms),
  });
}

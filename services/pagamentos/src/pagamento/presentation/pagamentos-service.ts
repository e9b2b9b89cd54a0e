import type { ServiceImpl } from '@connectrpc/connect';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { type Repeats, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { PAGAMENTOS } from './acesso.ts';
import { MOSTRA_PAGAMENTOS } from './consultas.ts';

type Impl = ServiceImpl<typeof PagamentosService>;

/** Those RPCs of the service that a room answers. */
export type RpcsDePagamentos<M extends keyof Impl = keyof Impl> = Pick<Impl, M>;

/** How a room answers those of its RPCs that change something when they are repeated. */
export type RepeatsDePagamentos<M extends keyof Impl = keyof Impl> = Pick<
  Required<Repeats<typeof PagamentosService>>,
  M
>;

/** The whole service from what its rooms answer. */
export function pagamentosService(
  impl: RpcsDePagamentos,
  repeats: RepeatsDePagamentos<'criarCobranca' | 'usarCreditos' | 'estornarPagamento'>,
): RpcService {
  return rpcService(PagamentosService, {
    acesso: PAGAMENTOS,
    mostra: MOSTRA_PAGAMENTOS,
    repeats,
    impl,
  });
}

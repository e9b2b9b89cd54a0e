import type { ServiceImpl } from '@connectrpc/connect';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { type Acesso, type Repeats, type RpcService, rpcService } from '@plataforma/runtime/rpc';

type Impl = ServiceImpl<typeof PagamentosService>;

/** Those RPCs of the service that a room answers. */
export type RpcsDePagamentos<M extends keyof Impl = keyof Impl> = Pick<Impl, M>;

/** How a room answers those of its RPCs that change something when they are repeated. */
export type RepeatsDePagamentos<M extends keyof Impl = keyof Impl> = Pick<
  Required<Repeats<typeof PagamentosService>>,
  M
>;

const SO_ADMIN: Acesso = { papeis: ['ADMIN'] };

/** The whole service from what its rooms answer, and who may call what. */
export function pagamentosService(
  impl: RpcsDePagamentos,
  repeats: RepeatsDePagamentos<'criarCobranca' | 'usarCreditos' | 'estornarPagamento'>,
): RpcService {
  return rpcService(PagamentosService, {
    acesso: {
      criarCobranca: { papeis: ['ADMIN'], servicos: ['reservas'] },
      usarCreditos: { servicos: ['reservas'] },
      obterPagamento: { papeis: ['CLIENTE', 'GESTOR', 'ADMIN'], servicos: ['reservas'] },
      listarTransacoes: 'AUTENTICADO',
      obterExtrato: 'AUTENTICADO',
      obterTotais: SO_ADMIN,
      listarEventos: SO_ADMIN,
      estornarPagamento: SO_ADMIN,
      obterCreditos: 'AUTENTICADO',
    },
    repeats,
    impl,
  });
}

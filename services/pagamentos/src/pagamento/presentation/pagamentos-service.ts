import type { ServiceImpl } from '@connectrpc/connect';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { type Acesso, harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { PagamentosQueries } from '../application/pagamentos-queries.ts';
import { valueOrThrow } from './errors.ts';
import { toPagamentoProto } from './pagamentos-mappers.ts';

type Impl = ServiceImpl<typeof PagamentosService>;

/** Those RPCs of the service that a room answers. */
export type RpcsDePagamentos<M extends keyof Impl = keyof Impl> = Pick<Impl, M>;

const SO_ADMIN: Acesso = { papeis: ['ADMIN'] };

/** The whole service from what its rooms answer, and who may call what. */
export function pagamentosService(impl: RpcsDePagamentos, pagamentos: PagamentosQueries): RpcService {
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
    repeats: {
      criarCobranca: harmless('a reservation is charged once, by whichever call and however often'),
      usarCreditos: harmless('a charge takes the credit of its customer once'),
      estornarPagamento: async (pagamentoId) =>
        toPagamentoProto(valueOrThrow(await pagamentos.findById(pagamentoId, 'TODOS'))),
    },
    impl,
  });
}

import type { EstornarPagamentoRequest } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { denied } from '@plataforma/runtime/bearer';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { principalOf } from '@plataforma/runtime/principal';
import type { PagamentosQueries } from '../../pagamento/application/pagamentos-queries.ts';
import { valueOrThrow } from '../../pagamento/presentation/errors.ts';
import { dinheiroFrom, toPagamentoProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type {
  RepeatsDePagamentos,
  RpcsDePagamentos,
} from '../../pagamento/presentation/pagamentos-service.ts';
import type { SolicitarEstornoCommand, SolicitarEstornoHandler } from '../application/solicitar-estorno.ts';

interface Deps {
  readonly solicitarEstorno: SolicitarEstornoHandler;
  readonly pagamentos: PagamentosQueries;
}

export function estornosRpcs({ solicitarEstorno, pagamentos }: Deps): RpcsDePagamentos<'estornarPagamento'> {
  return {
    async estornarPagamento(req, context) {
      const { id } = principalOf(context);
      // Administrators do not give themselves back what the policy does not.
      if (valueOrThrow(await pagamentos.findById(req.pagamentoId, 'TODOS')).clienteId === id) throw denied();
      const comChave = context.requestHeader.has(IDEMPOTENCY_KEY_HEADER);
      valueOrThrow(await solicitarEstorno.execute(solicitarEstornoFrom(req, id, comChave)));
      return toPagamentoProto(valueOrThrow(await pagamentos.findById(req.pagamentoId, 'TODOS')));
    },
  };
}

export function estornosRepeats({
  pagamentos,
}: Pick<Deps, 'pagamentos'>): RepeatsDePagamentos<'estornarPagamento'> {
  return {
    estornarPagamento: async (pagamentoId) =>
      toPagamentoProto(valueOrThrow(await pagamentos.findById(pagamentoId, 'TODOS'))),
  };
}

/** @param comChave the caller has sent an `Idempotency-Key`, so a repetition is known as one */
function solicitarEstornoFrom(
  req: EstornarPagamentoRequest,
  adminId: string,
  comChave: boolean,
): SolicitarEstornoCommand {
  const { pagamentoId, motivo } = req;
  const valor = req.valor && dinheiroFrom(req.valor);
  return { pagamentoId, origem: 'ADMIN', valor, motivo, unico: comChave, causa: `rpc:${adminId}` };
}

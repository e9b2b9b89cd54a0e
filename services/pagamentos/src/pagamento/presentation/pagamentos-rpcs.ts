import { toPageToken } from '@plataforma/domain/page-token';
import { denied } from '@plataforma/runtime/bearer';
import { principalOf } from '@plataforma/runtime/principal';
import { dizerTitular } from '@plataforma/runtime/shown';
import type { PagamentosQueries } from '../application/pagamentos-queries.ts';
import { alcance } from './alcance.ts';
import { valueOrThrow } from './errors.ts';
import { instanteFrom, toEventoProto, toPagamentoProto } from './pagamentos-mappers.ts';
import type { RpcsDePagamentos } from './pagamentos-service.ts';

export function pagamentosRpcs(
  pagamentos: PagamentosQueries,
): RpcsDePagamentos<'obterPagamento' | 'listarEventos'> {
  return {
    async obterPagamento({ pagamentoId, em }, context) {
      const principal = principalOf(context);
      if (em && !principal.papeis.includes('ADMIN')) throw denied();
      return toPagamentoProto(
        valueOrThrow(await pagamentos.findById(pagamentoId, alcance(principal), instanteFrom(em))),
      );
    },
    async listarEventos(req, context) {
      const { itens, proxima } = valueOrThrow(await pagamentos.listarEventos(req));
      const { clienteId } = valueOrThrow(await pagamentos.findById(req.pagamentoId, 'TODOS'));
      dizerTitular(context, clienteId);
      return { eventos: itens.map(toEventoProto), nextPageToken: toPageToken(proxima) };
    },
  };
}

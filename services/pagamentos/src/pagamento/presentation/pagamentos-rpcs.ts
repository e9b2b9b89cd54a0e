import { denied } from '@plataforma/runtime/bearer';
import { principalOf } from '@plataforma/runtime/principal';
import type { ListarEventos } from '../application/listar-eventos.ts';
import type { ObterPagamento } from '../application/obter-pagamento.ts';
import { alcance } from './alcance.ts';
import { unwrap } from './errors.ts';
import { fromEvento, fromPagamento, toInstante } from './pagamentos-mappers.ts';
import type { RpcsDePagamentos } from './pagamentos-service.ts';

interface Deps {
  readonly obterPagamento: ObterPagamento;
  readonly listarEventos: ListarEventos;
}

export function pagamentosRpcs({
  obterPagamento,
  listarEventos,
}: Deps): RpcsDePagamentos<'obterPagamento' | 'listarEventos'> {
  return {
    async obterPagamento({ pagamentoId, em }, context) {
      const principal = principalOf(context);
      if (em && !principal.papeis.includes('ADMIN')) throw denied();
      return fromPagamento(
        unwrap(await obterPagamento.execute(pagamentoId, alcance(principal), toInstante(em))),
      );
    },
    async listarEventos(req) {
      const { eventos, nextPageToken } = unwrap(await listarEventos.execute(req));
      return { eventos: eventos.map(fromEvento), nextPageToken };
    },
  };
}

import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { alcance, clienteDe } from '../../pagamento/presentation/alcance.ts';
import { valueOrThrow } from '../../pagamento/presentation/errors.ts';
import type { RpcsDePagamentos } from '../../pagamento/presentation/pagamentos-service.ts';
import type { ObterExtratoHandler } from '../application/obter-extrato.ts';
import type { ObterTotaisHandler } from '../application/obter-totais.ts';
import type { TransacoesQueries } from '../application/transacoes-queries.ts';
import { fromExtrato, fromTotais, toObterExtrato, toObterTotais } from './extrato-mappers.ts';
import { fromTransacao, toListarTransacoes } from './transacoes-mappers.ts';

interface Deps {
  readonly transacoes: TransacoesQueries;
  readonly obterExtrato: ObterExtratoHandler;
  readonly obterTotais: ObterTotaisHandler;
}

export function extratoRpcs({
  transacoes,
  obterExtrato,
  obterTotais,
}: Deps): RpcsDePagamentos<'listarTransacoes' | 'obterExtrato' | 'obterTotais'> {
  return {
    async listarTransacoes(req, context) {
      const pagina = valueOrThrow(
        await transacoes.listar(toListarTransacoes(req), alcance(principalOf(context))),
      );
      return { transacoes: pagina.itens.map(fromTransacao), nextPageToken: toPageToken(pagina.proxima) };
    },
    async obterExtrato(req, context) {
      const dono = clienteDe(req, principalOf(context));
      return fromExtrato(valueOrThrow(await obterExtrato.execute(toObterExtrato(req, dono))));
    },
    async obterTotais(req) {
      return fromTotais(valueOrThrow(await obterTotais.execute(toObterTotais(req))));
    },
  };
}

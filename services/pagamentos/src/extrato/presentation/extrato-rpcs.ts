import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { alcance, clienteDe } from '../../pagamento/presentation/alcance.ts';
import { valueOrThrow } from '../../pagamento/presentation/errors.ts';
import type { RpcsDePagamentos } from '../../pagamento/presentation/pagamentos-service.ts';
import type { ObterExtratoHandler } from '../application/obter-extrato.ts';
import type { ObterTotaisHandler } from '../application/obter-totais.ts';
import type { TransacoesQueries } from '../application/transacoes-queries.ts';
import { obterExtratoFrom, obterTotaisFrom, toExtratoProto, toTotaisProto } from './extrato-mappers.ts';
import { listarTransacoesFrom, toTransacaoProto } from './transacoes-mappers.ts';

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
        await transacoes.listar(listarTransacoesFrom(req), alcance(principalOf(context))),
      );
      return { transacoes: pagina.itens.map(toTransacaoProto), nextPageToken: toPageToken(pagina.proxima) };
    },
    async obterExtrato(req, context) {
      const dono = clienteDe(req, principalOf(context));
      return toExtratoProto(valueOrThrow(await obterExtrato.execute(obterExtratoFrom(req, dono))));
    },
    async obterTotais(req) {
      return toTotaisProto(valueOrThrow(await obterTotais.execute(obterTotaisFrom(req))));
    },
  };
}

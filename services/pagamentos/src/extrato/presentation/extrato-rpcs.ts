import { principalOf } from '@plataforma/runtime/principal';
import { alcance, clienteDe } from '../../pagamento/presentation/alcance.ts';
import { unwrap } from '../../pagamento/presentation/errors.ts';
import type { RpcsDePagamentos } from '../../pagamento/presentation/pagamentos-service.ts';
import type { ListarTransacoes } from '../application/listar-transacoes.ts';
import type { ObterExtrato } from '../application/obter-extrato.ts';
import type { ObterTotais } from '../application/obter-totais.ts';
import { fromExtrato, fromTotais, toObterExtrato, toObterTotais } from './extrato-mappers.ts';
import { fromTransacao, toListarTransacoes } from './transacoes-mappers.ts';

interface Deps {
  readonly listarTransacoes: ListarTransacoes;
  readonly obterExtrato: ObterExtrato;
  readonly obterTotais: ObterTotais;
}

export function extratoRpcs({
  listarTransacoes,
  obterExtrato,
  obterTotais,
}: Deps): RpcsDePagamentos<'listarTransacoes' | 'obterExtrato' | 'obterTotais'> {
  return {
    async listarTransacoes(req, context) {
      const pagina = unwrap(
        await listarTransacoes.execute(toListarTransacoes(req), alcance(principalOf(context))),
      );
      return { transacoes: pagina.transacoes.map(fromTransacao), nextPageToken: pagina.nextPageToken };
    },
    async obterExtrato(req, context) {
      const dono = clienteDe(req, principalOf(context));
      return fromExtrato(unwrap(await obterExtrato.execute(toObterExtrato(req, dono))));
    },
    async obterTotais(req) {
      return fromTotais(unwrap(await obterTotais.execute(toObterTotais(req))));
    },
  };
}

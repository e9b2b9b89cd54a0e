import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import { doneBefore } from '@plataforma/runtime/idempotent-effect';
import { type Principal, principalOf } from '@plataforma/runtime/principal';
import { type Acesso, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { CriarCobranca } from '../../application/commands/criar-cobranca.ts';
import type { SolicitarEstorno } from '../../application/commands/solicitar-estorno.ts';
import type { LivroDeCreditos } from '../../application/ports.ts';
import type { ListarEventos } from '../../application/queries/listar-eventos.ts';
import type { ListarTransacoes } from '../../application/queries/listar-transacoes.ts';
import type { Alcance, ObterPagamento } from '../../application/queries/obter-pagamento.ts';
import { toRpcError } from './errors.ts';
import {
  fromDinheiro,
  fromEvento,
  fromPagamento,
  fromTransacao,
  toCriarCobranca,
  toListarTransacoes,
  toSolicitarEstorno,
} from './mappers.ts';

interface Deps {
  readonly criarCobranca: CriarCobranca;
  readonly solicitarEstorno: SolicitarEstorno;
  readonly obterPagamento: ObterPagamento;
  readonly listarTransacoes: ListarTransacoes;
  readonly listarEventos: ListarEventos;
  readonly creditos: Pick<LivroDeCreditos, 'saldo'>;
  readonly clock: Clock;
}

const SO_ADMIN: Acesso = { papeis: ['ADMIN'] };

export function pagamentosService(deps: Deps): RpcService {
  const {
    criarCobranca,
    solicitarEstorno,
    obterPagamento,
    listarTransacoes,
    listarEventos,
    creditos,
    clock,
  } = deps;
  return rpcService(PagamentosService, {
    acesso: {
      criarCobranca: { papeis: ['ADMIN'], servicos: ['reservas'] },
      obterPagamento: { papeis: ['CLIENTE', 'GESTOR', 'ADMIN'], servicos: ['reservas'] },
      listarTransacoes: 'AUTENTICADO',
      listarEventos: SO_ADMIN,
      estornarPagamento: SO_ADMIN,
      obterCreditos: 'AUTENTICADO',
    },
    impl: {
      async criarCobranca(req, context) {
        const id = unwrap(await criarCobranca.execute(toCriarCobranca(req)));
        context.responseHeader.set('x-http-code', '201');
        return fromPagamento(unwrap(await obterPagamento.execute(id, 'TODOS')));
      },
      async obterPagamento({ pagamentoId }, context) {
        return fromPagamento(
          unwrap(await obterPagamento.execute(pagamentoId, alcance(principalOf(context)))),
        );
      },
      async listarTransacoes(req, context) {
        const pagina = unwrap(
          await listarTransacoes.execute(toListarTransacoes(req), alcance(principalOf(context))),
        );
        return { transacoes: pagina.transacoes.map(fromTransacao), nextPageToken: pagina.nextPageToken };
      },
      async estornarPagamento(req, context) {
        const { id } = principalOf(context);
        // A second refund would give more money back.
        if (!doneBefore(context)) unwrap(await solicitarEstorno.execute(toSolicitarEstorno(req, id)));
        return fromPagamento(unwrap(await obterPagamento.execute(req.pagamentoId, 'TODOS')));
      },
      async obterCreditos({ clienteId }, context) {
        const principal = principalOf(context);
        const dono = (alcance(principal) === 'TODOS' && clienteId) || principal.id;
        return { saldo: fromDinheiro(await creditos.saldo(dono, clock.now())) };
      },
      async listarEventos({ pagamentoId }) {
        return { eventos: unwrap(await listarEventos.execute(pagamentoId)).map(fromEvento) };
      },
    },
  });
}

/** Services and administrators see everything that they may ask for; everybody else their own. */
function alcance({ id, tipo, papeis }: Principal): Alcance {
  return tipo === 'SERVICO' || papeis.includes('ADMIN') ? 'TODOS' : { clienteId: id };
}

function unwrap<T>(result: Result<T, Parameters<typeof toRpcError>[0]>): T {
  if (result.isFailure) throw toRpcError(result.error);
  return result.value;
}

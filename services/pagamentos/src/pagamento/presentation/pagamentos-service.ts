import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import { denied } from '@plataforma/runtime/bearer';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { doneBefore } from '@plataforma/runtime/idempotent-effect';
import { type Principal, principalOf } from '@plataforma/runtime/principal';
import { type Acesso, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { CriarCobranca } from '../../cobrancas/application/criar-cobranca.ts';
import type { UsarCreditos } from '../../cobrancas/application/usar-creditos.ts';
import type { ObterCreditos } from '../../creditos/application/obter-creditos.ts';
import { fromCreditos } from '../../creditos/presentation/creditos-mappers.ts';
import type { SolicitarEstorno } from '../../estornos/application/solicitar-estorno.ts';
import type { ListarTransacoes } from '../../extrato/application/listar-transacoes.ts';
import type { ObterExtrato } from '../../extrato/application/obter-extrato.ts';
import type { ObterTotais } from '../../extrato/application/obter-totais.ts';
import {
  fromExtrato,
  fromTotais,
  toObterExtrato,
  toObterTotais,
} from '../../extrato/presentation/extrato-mappers.ts';
import type { ListarEventos } from '../application/listar-eventos.ts';
import type { Alcance, ObterPagamento } from '../application/obter-pagamento.ts';
import { toRpcError } from './errors.ts';
import {
  fromEvento,
  fromPagamento,
  fromTransacao,
  toCriarCobranca,
  toInstante,
  toListarTransacoes,
  toSolicitarEstorno,
  toUsarCreditos,
} from './pagamentos-mappers.ts';

interface Deps {
  readonly criarCobranca: CriarCobranca;
  readonly usarCreditos: UsarCreditos;
  readonly solicitarEstorno: SolicitarEstorno;
  readonly obterPagamento: ObterPagamento;
  readonly listarTransacoes: ListarTransacoes;
  readonly listarEventos: ListarEventos;
  readonly obterExtrato: ObterExtrato;
  readonly obterTotais: ObterTotais;
  readonly obterCreditos: ObterCreditos;
  readonly clock: Clock;
}

const SO_ADMIN: Acesso = { papeis: ['ADMIN'] };

export function pagamentosService(deps: Deps): RpcService {
  const {
    criarCobranca,
    usarCreditos,
    solicitarEstorno,
    obterPagamento,
    listarTransacoes,
    listarEventos,
    obterExtrato,
    obterTotais,
    obterCreditos,
    clock,
  } = deps;
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
    impl: {
      async criarCobranca(req, context) {
        const podeGastar = podeGastarDe(req, principalOf(context));
        const pagamento = unwrap(await criarCobranca.execute(toCriarCobranca(req, podeGastar)));
        context.responseHeader.set('x-http-code', '201');
        return fromPagamento(pagamento);
      },
      async usarCreditos(req) {
        return fromPagamento(unwrap(await usarCreditos.execute(toUsarCreditos(req))));
      },
      async obterPagamento({ pagamentoId, em }, context) {
        const principal = principalOf(context);
        if (em && !principal.papeis.includes('ADMIN')) throw denied();
        return fromPagamento(
          unwrap(await obterPagamento.execute(pagamentoId, alcance(principal), toInstante(em))),
        );
      },
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
      async estornarPagamento(req, context) {
        const { id } = principalOf(context);
        // Nobody gives themself back what the policy does not.
        if (unwrap(await obterPagamento.execute(req.pagamentoId, 'TODOS')).clienteId === id) throw denied();
        // A second refund would give more money back.
        const comChave = context.requestHeader.has(IDEMPOTENCY_KEY_HEADER);
        if (!doneBefore(context))
          unwrap(await solicitarEstorno.execute(toSolicitarEstorno(req, id, comChave)));
        return fromPagamento(unwrap(await obterPagamento.execute(req.pagamentoId, 'TODOS')));
      },
      async obterCreditos(req, context) {
        const dono = clienteDe(req, principalOf(context));
        return fromCreditos(await obterCreditos.execute(dono, clock.now()));
      },
      async listarEventos(req) {
        const { eventos, nextPageToken } = unwrap(await listarEventos.execute(req));
        return { eventos: eventos.map(fromEvento), nextPageToken };
      },
    },
  });
}

/** Whose money is asked about: an administrator may name somebody else. */
function clienteDe({ clienteId }: { readonly clienteId: string }, principal: Principal): string {
  return (alcance(principal) === 'TODOS' && clienteId) || principal.id;
}

/** Credit is spent by its owner: through reservas, or by themself. */
function podeGastarDe({ clienteId }: { readonly clienteId: string }, { id, tipo }: Principal): boolean {
  return tipo === 'SERVICO' || clienteId === id;
}

/** Services and administrators see everything that they may ask for; everybody else their own. */
export function alcance({ id, tipo, papeis }: Principal): Alcance {
  return tipo === 'SERVICO' || papeis.includes('ADMIN') ? 'TODOS' : { clienteId: id };
}

function unwrap<T>(result: Result<T, Parameters<typeof toRpcError>[0]>): T {
  if (result.isFailure) throw toRpcError(result.error);
  return result.value;
}

import { type Principal, principalOf } from '@plataforma/runtime/principal';
import { harmless } from '@plataforma/runtime/rpc';
import { valueOrThrow } from '../../pagamento/presentation/errors.ts';
import { toPagamentoProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type {
  RepeatsDePagamentos,
  RpcsDePagamentos,
} from '../../pagamento/presentation/pagamentos-service.ts';
import type { CriarCobrancaHandler } from '../application/criar-cobranca.ts';
import type { UsarCreditosHandler } from '../application/usar-creditos.ts';
import { criarCobrancaFrom, usarCreditosFrom } from '../pedido-de-cobranca.ts';

/** What leads to a charge that is asked for by a call. */
const CAUSA = 'rpc';

interface Deps {
  readonly criarCobranca: CriarCobrancaHandler;
  readonly usarCreditos: UsarCreditosHandler;
}

export function cobrancasRpcs({
  criarCobranca,
  usarCreditos,
}: Deps): RpcsDePagamentos<'criarCobranca' | 'usarCreditos'> {
  return {
    async criarCobranca(req, context) {
      const guardarCreditos = req.guardarCreditos || !podeGastar(req, principalOf(context));
      const cobranca = criarCobrancaFrom({ ...req, guardarCreditos }, CAUSA);
      const pagamento = valueOrThrow(await criarCobranca.execute(cobranca));
      context.responseHeader.set('x-http-code', '201');
      return toPagamentoProto(pagamento);
    },
    async usarCreditos(req) {
      return toPagamentoProto(valueOrThrow(await usarCreditos.execute(usarCreditosFrom(req, CAUSA))));
    },
  };
}

export function cobrancasRepeats({
  criarCobranca,
}: Pick<Deps, 'criarCobranca'>): RepeatsDePagamentos<'criarCobranca' | 'usarCreditos'> {
  return {
    async criarCobranca(pagamentoId, _, { responseHeader }) {
      const pagamento = valueOrThrow(await criarCobranca.repeat(pagamentoId, CAUSA));
      responseHeader.set('x-http-code', '201');
      return toPagamentoProto(pagamento);
    },
    usarCreditos: harmless('a charge takes the credit of its customer once'),
  };
}

/** Credit is spent by its owner: through reservas, or by themself. */
function podeGastar({ clienteId }: { readonly clienteId: string }, { id, tipo }: Principal): boolean {
  return tipo === 'SERVICO' || clienteId === id;
}

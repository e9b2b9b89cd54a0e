import { type Principal, principalOf } from '@plataforma/runtime/principal';
import { valueOrThrow } from '../../pagamento/presentation/errors.ts';
import { toPagamentoProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { RpcsDePagamentos } from '../../pagamento/presentation/pagamentos-service.ts';
import type { CriarCobrancaHandler } from '../application/criar-cobranca.ts';
import type { UsarCreditosHandler } from '../application/usar-creditos.ts';
import { criarCobrancaFrom, usarCreditosFrom } from './cobrancas-mappers.ts';

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
      const podeGastar = podeGastarDe(req, principalOf(context));
      const pagamento = valueOrThrow(await criarCobranca.execute(criarCobrancaFrom(req, podeGastar)));
      context.responseHeader.set('x-http-code', '201');
      return toPagamentoProto(pagamento);
    },
    async usarCreditos(req) {
      return toPagamentoProto(valueOrThrow(await usarCreditos.execute(usarCreditosFrom(req))));
    },
  };
}

/** Credit is spent by its owner: through reservas, or by themself. */
function podeGastarDe({ clienteId }: { readonly clienteId: string }, { id, tipo }: Principal): boolean {
  return tipo === 'SERVICO' || clienteId === id;
}

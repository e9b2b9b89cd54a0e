import { Dinheiro } from '@plataforma/domain/dinheiro';
import { statusDe, totalEstornado } from '../domain/contas.ts';
import type { Cobranca } from '../domain/pagamento.ts';
import type { PagamentoView } from './ports.ts';

/** What is shown of a payment, from the state of its events: the same as its projection says once they are written. */
export function visaoDe(cobranca: Cobranca): PagamentoView {
  const { id, reservaId, clienteId, valor, creditos, checkout } = cobranca;
  return {
    id,
    reservaId,
    clienteId,
    valor,
    creditos,
    status: statusDe(cobranca),
    checkoutUrl: checkout?.url ?? '',
    estornado: Dinheiro.deCentavos(totalEstornado(cobranca), valor.moeda),
    recusas: cobranca.recusas.length,
    criadoEm: cobranca.criadoEm,
    aprovadoEm: cobranca.fase === 'APROVADO' ? cobranca.aprovacao.em : undefined,
    atualizadoEm: cobranca.atualizadoEm,
    expiraEm: checkout?.expiraEm ?? cobranca.expiraEm,
  };
}

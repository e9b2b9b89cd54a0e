import { Dinheiro } from '@plataforma/domain/dinheiro';
import { statusDe, totalEstornado } from '../domain/contas.ts';
import { devolvivelDe } from '../domain/devolvivel.ts';
import type { Cobranca } from '../domain/pagamento.ts';
import type { PagamentoView } from './ports.ts';

/** What is shown of a payment, from the state that its events leave. */
export function visaoDe(cobranca: Cobranca, versao: number): PagamentoView {
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
    devolvivel: devolvivelDe(cobranca),
    recusas: cobranca.recusas.length,
    criadoEm: cobranca.criadoEm,
    aprovadoEm: cobranca.fase === 'APROVADO' ? cobranca.aprovacao.em : undefined,
    atualizadoEm: cobranca.atualizadoEm,
    expiraEm: cobranca.expiraEm,
    versao,
  };
}

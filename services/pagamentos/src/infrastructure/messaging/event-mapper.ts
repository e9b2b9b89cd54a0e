import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import type { Cobranca, PagamentoEvent } from '../../domain/pagamento.ts';

/**
 * What the other services hear of an event: nothing or one fact. A charge exists for them from the moment that it can
 * be paid, so their `CobrancaCriada` is our `CheckoutAberto`.
 */
export function paraEventoDeIntegracao(
  cobranca: Cobranca,
  evento: PagamentoEvent,
  versao: number,
): IntegrationEvent[] {
  const { id: pagamentoId, reservaId, clienteId } = cobranca;
  const comum = { pagamentoId, reservaId, clienteId, ocorridoEm: timestampFromDate(evento.em) };
  const agregado = { tipo: 'pagamento', id: pagamentoId, versao };
  switch (evento.tipo) {
    case 'CobrancaCriada':
    case 'CheckoutSolicitado':
      return [];
    case 'CheckoutAberto': {
      const { centavos, moeda } = cobranca.valor;
      const criada = { ...comum, valor: { centavos, moeda }, checkoutUrl: evento.checkoutUrl };
      return [integrationEvent(CobrancaCriadaSchema, criada, agregado)];
    }
    case 'PagamentoAprovado': {
      const { centavos, moeda } = evento.valor;
      return [integrationEvent(PagamentoAprovadoSchema, { ...comum, valor: { centavos, moeda } }, agregado)];
    }
    case 'CartaoRecusado': {
      const recusado = { ...comum, motivo: evento.codigo, definitiva: false };
      return [integrationEvent(PagamentoRecusadoSchema, recusado, agregado)];
    }
    case 'CobrancaCancelada':
      return [integrationEvent(CobrancaCanceladaSchema, comum, agregado)];
    default:
      return evento satisfies never;
  }
}

import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Agregado, type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import type { PagamentoEvent } from '../../domain/eventos.ts';
import type { Cobranca } from '../../domain/pagamento.ts';

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
    case 'EncerramentoSolicitado':
    case 'EstornoPendente':
    case 'DisputaAberta':
    case 'DisputaEncerrada':
      return [];
    case 'CheckoutAberto': {
      const criada = { ...comum, valor: paraMensagem(cobranca.valor), checkoutUrl: evento.checkoutUrl };
      return [integrationEvent(CobrancaCriadaSchema, criada, agregado)];
    }
    case 'PagamentoAprovado':
      return [
        integrationEvent(PagamentoAprovadoSchema, { ...comum, valor: paraMensagem(evento.valor) }, agregado),
      ];
    case 'CartaoRecusado': {
      const recusado = { ...comum, motivo: evento.codigo, definitiva: false };
      return [integrationEvent(PagamentoRecusadoSchema, recusado, agregado)];
    }
    case 'EncerramentoRespondido':
      return [resposta(cobranca, comum, agregado)];
    case 'AprovacaoReanunciada':
      return [resposta(cobranca, comum, agregado, { pedeDesfecho: true })];
    case 'EstornoSolicitado': {
      const { numero, valor } = evento;
      const solicitado = { ...comum, numero, valor: paraMensagem(valor) };
      return [integrationEvent(EstornoSolicitadoSchema, solicitado, agregado)];
    }
    case 'EstornoConcluido': {
      const { numero, valor } = evento;
      const concluido = { ...comum, numero, valor: paraMensagem(valor) };
      return [integrationEvent(EstornoConcluidoSchema, concluido, agregado)];
    }
    case 'EstornoFalhou': {
      const { numero, valor, motivo } = evento;
      const falhou = { ...comum, numero, motivo, valor: paraMensagem(valor) };
      return [integrationEvent(EstornoFalhouSchema, falhou, agregado)];
    }
    case 'CobrancaImpedida':
    case 'CobrancaCancelada':
      return [integrationEvent(CobrancaCanceladaSchema, comum, agregado)];
    default:
      return evento satisfies never;
  }
}

interface Comum {
  readonly pagamentoId: string;
  readonly reservaId: string;
  readonly clienteId: string;
  readonly ocorridoEm: Timestamp;
}

/** How the charge has ended, told once more. */
function resposta(
  cobranca: Cobranca,
  comum: Comum,
  agregado: Agregado,
  pergunta: { pedeDesfecho?: boolean } = {},
): IntegrationEvent {
  if (cobranca.fase !== 'APROVADO') return integrationEvent(CobrancaCanceladaSchema, comum, agregado);
  const { valor, em } = cobranca.aprovacao;
  const aprovado = { ...comum, ...pergunta, valor: paraMensagem(valor), ocorridoEm: timestampFromDate(em) };
  return integrationEvent(PagamentoAprovadoSchema, aprovado, agregado);
}

function paraMensagem({ centavos, moeda }: Dinheiro) {
  return { centavos, moeda };
}

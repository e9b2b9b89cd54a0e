import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { InformarDesfechoSchema } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  DisputaPerdidaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Agregado, type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import { pagaPorInteiro, sustentaReserva } from '../domain/contas.ts';
import { devolvivelDe, pedidoDe } from '../domain/devolvivel.ts';
import { DISPUTA_PERDIDA, type PagamentoEvent } from '../domain/eventos.ts';
import { movimentoDeCredito } from '../domain/movimento-de-credito.ts';
import type { Cobranca, CobrancaAprovada } from '../domain/pagamento.ts';

/**
 * What the other services hear of an event: nothing or one fact. A charge exists for them from the moment that it can
 * be paid, so their `CobrancaCriada` is our `CheckoutAberto`.
 */
export function toIntegrationEvent(
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
    case 'CreditosPedidos':
    case 'CheckoutFechado':
    case 'CreditosUsados':
    case 'EncerramentoSolicitado':
    case 'EstornoPendente':
    case 'DisputaAberta':
      return [];
    case 'DisputaEncerrada': {
      if (evento.resultado !== DISPUTA_PERDIDA) return [];
      const valor = cobranca.disputas.find(({ id }) => id === evento.disputaId)?.valor;
      const perdida = { ...comum, ...(valor && valor.centavos > 0n && { valor: paraMensagem(valor) }) };
      return [integrationEvent(DisputaPerdidaSchema, { ...perdida, ...resta(cobranca) }, agregado)];
    }
    case 'CheckoutAberto': {
      const { valor, creditos } = cobranca;
      const valores = { valor: paraMensagem(valor), creditosUsados: paraMensagem(creditos) };
      const criada = { ...comum, ...valores, checkoutUrl: evento.checkoutUrl };
      return [integrationEvent(CobrancaCriadaSchema, criada, agregado)];
    }
    case 'PagamentoAprovado':
      return pagou(cobranca) ? [aprovado(cobranca, comum, agregado)] : [];
    case 'CartaoRecusado': {
      const recusado = { ...comum, codigo: evento.codigo, definitiva: false };
      return [integrationEvent(PagamentoRecusadoSchema, recusado, agregado)];
    }
    case 'EncerramentoRespondido':
      return [resposta(cobranca, comum, agregado)];
    case 'AprovacaoReanunciada':
      return [pergunta(cobranca, comum, agregado)];
    case 'EstornoSolicitado': {
      const { numero, valor, meio } = evento;
      const como = { emCreditos: meio === 'CREDITO', ...deVolta(cobranca, numero) };
      const solicitado = { ...comum, numero, valor: paraMensagem(valor), ...como };
      return [integrationEvent(EstornoSolicitadoSchema, solicitado, agregado)];
    }
    case 'EstornoConcluido': {
      const { numero, valor } = evento;
      const emCreditos = movimentoDeCredito(cobranca, evento) !== undefined;
      const como = { emCreditos, ...deVolta(cobranca, numero) };
      const concluido = { ...comum, numero, valor: paraMensagem(valor), ...como };
      return [integrationEvent(EstornoConcluidoSchema, concluido, agregado)];
    }
    case 'EstornoFalhou': {
      const { numero, valor, motivo, devolvido } = evento;
      const como = { devolvido, ...deVolta(cobranca, numero) };
      const falhou = { ...comum, numero, codigo: motivo, valor: paraMensagem(valor), ...como };
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

/** What a movement of a refund is part of, and what is left once all that was decided together is done. */
function deVolta(cobranca: Cobranca, numero: number) {
  const pedido = pedidoDe(cobranca, numero);
  if (!pedido) return resta(cobranca);
  const { valor, creditos, origem } = pedido;
  return {
    excedente: origem === 'EXCEDENTE',
    pedido: { ...pedido, valor: paraMensagem(valor), creditos: paraMensagem(creditos) },
    ...resta(cobranca),
  };
}

function resta(cobranca: Cobranca) {
  const devolvivel = devolvivelDe(cobranca);
  if (!devolvivel) return {};
  const { valor, creditos } = devolvivel;
  return { devolvivel: { valor: paraMensagem(valor), creditos: paraMensagem(creditos) } };
}

/** How the charge has ended, told once more. */
function resposta(cobranca: Cobranca, comum: Comum, agregado: Agregado): IntegrationEvent {
  if (!sustentaReserva(cobranca)) return naoSustenta(cobranca, comum, agregado);
  return aprovado(cobranca, comum, agregado);
}

/** What became of the money that was paid. */
function pergunta(cobranca: Cobranca, comum: Comum, agregado: Agregado): IntegrationEvent {
  if (!sustentaReserva(cobranca)) return naoSustenta(cobranca, comum, agregado);
  const pedido = { ...comum, ...pago(cobranca), pedidoEm: comum.ocorridoEm };
  return integrationEvent(InformarDesfechoSchema, pedido, agregado);
}

function naoSustenta(cobranca: Cobranca, comum: Comum, agregado: Agregado): IntegrationEvent {
  const foiPaga = cobranca.fase === 'APROVADO';
  return integrationEvent(CobrancaCanceladaSchema, { ...comum, foiPaga }, agregado);
}

/** Money that does not pay the reservation goes back; for the others its charge stays closed. */
function pagou(cobranca: Cobranca): cobranca is CobrancaAprovada {
  return cobranca.fase === 'APROVADO' && pagaPorInteiro(cobranca);
}

function aprovado(cobranca: CobrancaAprovada, comum: Comum, agregado: Agregado): IntegrationEvent {
  const mensagem = { ...comum, ...pago(cobranca), ocorridoEm: timestampFromDate(cobranca.aprovacao.em) };
  return integrationEvent(PagamentoAprovadoSchema, mensagem, agregado);
}

function pago({ valor, aprovacao }: CobrancaAprovada) {
  return { valor: paraMensagem(valor), creditosUsados: paraMensagem(aprovacao.creditos) };
}

function paraMensagem({ centavos, moeda }: Dinheiro) {
  return { centavos, moeda };
}

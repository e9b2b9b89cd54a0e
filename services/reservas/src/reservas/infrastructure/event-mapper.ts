import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  EncerrarCobrancaSchema,
  EncerrarOuDevolverSchema,
} from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  PagamentoAproveitadoSchema,
  PagamentoNaoAproveitadoSchema,
  ReservaAceitaSchema,
  ReservaCanceladaSchema,
  ReservaConcluidaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  ReservaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import { oferecidaPorPessoa } from '../domain/aceite.ts';
import type { Cancelamento, EstadoReserva, ReservaEvent } from '../domain/estado-reserva.ts';
import { toPedidoDeCobrancaProto } from './pedido-de-cobranca.ts';

/** The message by which the other services learn of an event; undefined for what only this service cares about. */
export function toIntegrationEvent(
  event: ReservaEvent,
  reserva: EstadoReserva,
): IntegrationEvent | undefined {
  const agregado = { tipo: 'reserva', id: reserva.id, versao: event.mudanca.versao };
  const comum = facts(reserva, event.mudanca.em);
  switch (event.tipo) {
    case 'ReservaCriada':
    case 'ReservaAceita':
      // Each asks for money, so neither is told where there is nothing to pay.
      if (reserva.preco.valor.centavos === 0n) return undefined;
      return integrationEvent(
        event.tipo === 'ReservaCriada' ? ReservaCriadaSchema : ReservaAceitaSchema,
        { ...comum, ...toPedidoDeCobrancaProto(reserva) },
        agregado,
      );
    case 'ReservaConfirmada':
      return integrationEvent(
        ReservaConfirmadaSchema,
        { ...comum, espacoEndereco: reserva.espacoEndereco, pagamentoId: event.pagamentoId ?? '' },
        agregado,
      );
    case 'ReservaExpirando':
    case 'ExpiracaoReanunciada':
      return integrationEvent(
        EncerrarCobrancaSchema,
        { ...comum, pagamentoId: reserva.pagamentoId ?? '', pedidoEm: comum.ocorridoEm },
        agregado,
      );
    case 'ReservaExpirada':
      return integrationEvent(ReservaExpiradaSchema, comum, agregado);
    case 'PagamentoNaoAproveitado': {
      const { pagamentoId, motivo } = event;
      return integrationEvent(
        PagamentoNaoAproveitadoSchema,
        { ...comum, pagamentoId, codigo: motivo },
        agregado,
      );
    }
    case 'PagamentoAproveitado':
      return integrationEvent(
        PagamentoAproveitadoSchema,
        { ...comum, pagamentoId: event.pagamentoId },
        agregado,
      );
    case 'CancelamentoReanunciado':
      return integrationEvent(
        EncerrarOuDevolverSchema,
        {
          ...comum,
          ...devolucao(event.cancelamento),
          pagamentoId: reserva.pagamentoId ?? '',
          pedidoEm: comum.ocorridoEm,
        },
        agregado,
      );
    case 'ReservaCancelada':
      return integrationEvent(
        ReservaCanceladaSchema,
        {
          ...comum,
          ...devolucao(event.cancelamento),
          pagamentoId: reserva.pagamentoId ?? '',
          desistencia: reserva.confirmadoEm === undefined && event.mudanca.quem === reserva.clienteId,
        },
        agregado,
      );
    case 'ReservaConcluida':
      return integrationEvent(ReservaConcluidaSchema, comum, agregado);
    case 'CobrancaRegistrada':
    case 'PagamentoRecusado':
    case 'DevolucaoDispensada':
    case 'DevolucaoRecusada':
    case 'EstornoAtualizado':
    case 'DevolvivelAtualizado':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** Tells the customer what somebody booked for them; undefined for all else. The waitlist tells of its offers itself. */
export function toReservaOferecida(
  { tipo, mudanca: { versao, em } }: ReservaEvent,
  reserva: EstadoReserva,
): IntegrationEvent | undefined {
  if (tipo !== 'ReservaCriada' || !oferecidaPorPessoa(reserva)) return undefined;
  const dados = { ...facts(reserva, em), expiraEm: timestampFromDate(reserva.expiraEm) };
  return integrationEvent(ReservaOferecidaSchema, dados, { tipo: 'reserva', id: reserva.id, versao });
}

/** Money came for a reservation that does not exist. */
export function semReserva(
  reservaId: string,
  pagamentoId: string,
  versao: number,
  em: Date,
): IntegrationEvent {
  const dados = { reservaId, pagamentoId, codigo: 'RESERVA_INEXISTENTE', ocorridoEm: timestampFromDate(em) };
  return integrationEvent(PagamentoNaoAproveitadoSchema, dados, { tipo: 'reserva', id: reservaId, versao });
}

/** What every event of a reservation says. */
export function facts(reserva: EstadoReserva, em: Date) {
  const { id, clienteId, espacoId, espacoNome, periodo, preco, fusoHorario } = reserva;
  return {
    reservaId: id,
    clienteId,
    espacoId,
    espacoNome,
    dataInicio: timestampFromDate(periodo.inicio),
    dataFim: timestampFromDate(periodo.fim),
    valor: dinheiro(preco.valor),
    fusoHorario,
    ocorridoEm: timestampFromDate(em),
    serieId: reserva.serie?.serieId ?? '',
  };
}

/** Nothing to give back is left unset. */
function devolucao({ motivo, reembolso, creditoBonus }: Cancelamento) {
  return {
    motivo,
    ...(reembolso.centavos > 0n && { reembolso: dinheiro(reembolso) }),
    ...(creditoBonus.centavos > 0n && { creditoBonus: dinheiro(creditoBonus) }),
  };
}

function dinheiro({ centavos, moeda }: Dinheiro) {
  return { centavos, moeda };
}

import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { NotificacaoEnviadaSchema } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import type { ReservaConfirmada } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { PermanentError } from '@plataforma/runtime/event-message';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import type { NotificacaoEnviada } from '../application/ports.ts';
import type { DadosReservaConfirmada } from '../domain/notificacao.ts';
import { toCanalProto, toModeloProto } from '../presentation/grpc/mappers.ts';

/** The fact as other services learn it. */
export function toIntegrationEvent({ notificacao, versao, em }: NotificacaoEnviada): IntegrationEvent {
  const agregado = { tipo: 'notificacao', id: notificacao.id, versao };
  return integrationEvent(
    NotificacaoEnviadaSchema,
    {
      notificacaoId: notificacao.id,
      clienteId: notificacao.clienteId,
      canal: toCanalProto(notificacao.canal),
      modelo: toModeloProto(notificacao.modelo),
      reservaId: notificacao.reservaId,
      ocorridoEm: timestampFromDate(em),
    },
    agregado,
  );
}

/**
 * What the message will say.
 *
 * @throws PermanentError when the event cannot be told to anybody: no retry will complete it.
 */
export function toDados(evento: ReservaConfirmada): DadosReservaConfirmada {
  const { reservaId, clienteId, pagamentoId, espacoNome, espacoEndereco, fusoHorario } = evento;
  const { dataInicio, dataFim, valor, ocorridoEm } = evento;
  if (!reservaId || !clienteId || !dataInicio || !dataFim || !valor || !ocorridoEm)
    throw new PermanentError('ReservaConfirmada lacks a field');
  if (!fusoConhecido(fusoHorario)) throw new PermanentError(`"${fusoHorario}" is not a time zone`);
  if (!/^[A-Z]{3}$/.test(valor.moeda)) throw new PermanentError(`"${valor.moeda}" is not a currency`);
  return {
    reservaId,
    pagamentoId,
    espacoNome,
    espacoEndereco,
    inicio: timestampDate(dataInicio).toISOString(),
    fim: timestampDate(dataFim).toISOString(),
    fusoHorario,
    valorCentavos: valor.centavos.toString(),
    moeda: valor.moeda,
    confirmadaEm: timestampDate(ocorridoEm).toISOString(),
  };
}

function fusoConhecido(fuso: string): boolean {
  try {
    return new Intl.DateTimeFormat('pt-BR', { timeZone: fuso }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

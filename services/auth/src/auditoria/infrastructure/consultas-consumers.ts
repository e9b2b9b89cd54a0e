import { timestampDate } from '@bufbuild/protobuf/wkt';
import {
  DadosConsultadosSchema as EmNotificacoes,
  type DadosConsultados as LookInNotificacoes,
} from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import {
  DadosConsultadosSchema as EmPagamentos,
  type DadosConsultados as LookInPagamentos,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  DadosConsultadosSchema as EmReservas,
  type DadosConsultados as LookInReservas,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, type EventSubscription, on } from '@plataforma/runtime/event-message';
import type { RegistrarConsultaHandler } from '../application/registrar-consulta.ts';

type Look = LookInReservas | LookInPagamentos | LookInNotificacoes;

/** What administrators were shown of other people by the other services. */
export function consultasConsumers(handler: Pick<RegistrarConsultaHandler, 'execute'>): ConsumeOptions[] {
  const heard = (consumidor: string) => async (look: Look, meta: EventMeta) => {
    const { autorId, usuarioId, rpc, enderecoIp, requisicaoId, ocorridoEm } = look;
    await handler.execute({
      ...{ consumidor, mensagemId: meta.id, autorId, rpc },
      usuarioId: usuarioId || undefined,
      endereco: enderecoIp,
      requisicao: requisicaoId,
      em: ocorridoEm ? timestampDate(ocorridoEm) : meta.ocorridoEm,
    });
  };
  return [
    consumer('reservas', (durable) => on(EmReservas, heard(durable))),
    consumer('pagamentos', (durable) => on(EmPagamentos, heard(durable))),
    consumer('notificacoes', (durable) => on(EmNotificacoes, heard(durable))),
  ];
}

/** The stream has much else: only these facts are asked for. */
function consumer(servico: string, subscription: (durable: string) => EventSubscription): ConsumeOptions {
  const durable = `auth-consultas-${servico}`;
  return {
    stream: servico.toUpperCase(),
    durable,
    filter: `${servico}.v1.DadosConsultados`,
    on: [subscription(durable)],
  };
}

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import {
  type EtapaSagaSchema,
  ParteSaga,
  PassoSaga,
  ResultadoEtapa,
  type SagaSchema,
} from '@plataforma/contratos/reservas/v1/saga_pb';
import type { SagaView } from '../application/obter-saga.ts';
import type { EtapaDaSaga } from '../domain/etapas-da-saga.ts';

export function toSagaProto(saga: SagaView): MessageInitShape<typeof SagaSchema> {
  const { reserva, aguarda, prazo, ultimoErro } = saga;
  return {
    reservaId: reserva.id,
    status: StatusReserva[reserva.status],
    passo: PassoSaga[saga.passo],
    explicacao: saga.explicacao,
    aguarda: aguarda ? ParteSaga[aguarda] : ParteSaga.UNSPECIFIED,
    desde: timestampFromDate(saga.desde),
    ...(prazo && { prazo: timestampFromDate(prazo) }),
    noPrazo: saga.noPrazo,
    atrasada: saga.atrasada,
    tentativas: saga.tentativas,
    ...(ultimoErro && { ultimoErro: ultimoErro.porque, ultimoErroEm: timestampFromDate(ultimoErro.em) }),
    pagamentoId: reserva.pagamentoId ?? '',
    eventosPorPublicar: saga.porPublicar,
    etapas: saga.etapas.map(toEtapaProto),
  };
}

function toEtapaProto(etapa: EtapaDaSaga): MessageInitShape<typeof EtapaSagaSchema> {
  const { fato, comando, quem, porque, mensagemId, de, para } = etapa;
  return {
    fato,
    comando,
    resultado: ResultadoEtapa[etapa.resultado],
    deStatus: de ? StatusReserva[de] : StatusReserva.UNSPECIFIED,
    paraStatus: para ? StatusReserva[para] : StatusReserva.UNSPECIFIED,
    quem,
    porque,
    mensagemId,
    ocorridoEm: timestampFromDate(etapa.em),
  };
}

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { StatusReserva as StatusProto } from '@plataforma/contratos/reservas/v1/reserva_pb';
import {
  type EtapaSagaSchema,
  ParteSaga,
  PassoSaga,
  ResultadoEtapa,
  type SagaSchema,
} from '@plataforma/contratos/reservas/v1/saga_pb';
import { toStatusReservaProto } from '../../reservas/presentation/reservas-mappers.ts';
import type { SagaView } from '../application/obter-saga.ts';
import type { EtapaDaSaga } from '../domain/etapas-da-saga.ts';
import type { ResultadoDaEtapa } from '../domain/ocorrencia.ts';
import type { ParteDaSaga, PassoDaSaga } from '../domain/situacao-da-saga.ts';

const PASSO: Readonly<Record<PassoDaSaga, PassoSaga>> = {
  AGUARDANDO_COBRANCA: PassoSaga.AGUARDANDO_COBRANCA,
  AGUARDANDO_PAGAMENTO: PassoSaga.AGUARDANDO_PAGAMENTO,
  AGUARDANDO_ENCERRAMENTO: PassoSaga.AGUARDANDO_ENCERRAMENTO,
  CONFIRMADA: PassoSaga.CONFIRMADA,
  COMPENSANDO: PassoSaga.COMPENSANDO,
  CONCLUIDA: PassoSaga.CONCLUIDA,
  FALHOU_ESTORNO: PassoSaga.FALHOU_ESTORNO,
};

const PARTE: Readonly<Record<ParteDaSaga, ParteSaga>> = {
  PAGAMENTOS: ParteSaga.PAGAMENTOS,
  CLIENTE: ParteSaga.CLIENTE,
  RELOGIO: ParteSaga.RELOGIO,
  OPERACAO: ParteSaga.OPERACAO,
};

const RESULTADO: Readonly<Record<ResultadoDaEtapa, ResultadoEtapa>> = {
  FEITA: ResultadoEtapa.FEITA,
  SEM_EFEITO: ResultadoEtapa.SEM_EFEITO,
  REPETIDA: ResultadoEtapa.REPETIDA,
  ADIADA: ResultadoEtapa.ADIADA,
  RECUSADA: ResultadoEtapa.RECUSADA,
};

export function toSagaProto(saga: SagaView): MessageInitShape<typeof SagaSchema> {
  const { reserva, aguarda, prazo, ultimoErro } = saga;
  return {
    reservaId: reserva.id,
    status: toStatusReservaProto(reserva.status),
    passo: PASSO[saga.passo],
    explicacao: saga.explicacao,
    aguarda: aguarda ? PARTE[aguarda] : ParteSaga.UNSPECIFIED,
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
    resultado: RESULTADO[etapa.resultado],
    deStatus: de ? toStatusReservaProto(de) : StatusProto.UNSPECIFIED,
    paraStatus: para ? toStatusReservaProto(para) : StatusProto.UNSPECIFIED,
    quem,
    porque,
    mensagemId,
    em: timestampFromDate(etapa.em),
  };
}

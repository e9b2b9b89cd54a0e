import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  EstadoOcorrencia,
  ModoSerie,
  type OcorrenciaCancelamentoSchema,
  type OcorrenciaSimuladaSchema,
  type SerieSchema,
} from '@plataforma/contratos/reservas/v1/serie_pb';
import {
  type CancelamentoSerieSchema,
  type CriarSerieRequest,
  EscopoCancelamento as EscopoProto,
  type SimularSerieRequest,
  type SimularSerieResponseSchema,
} from '@plataforma/contratos/reservas/v1/series_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { fromDinheiro } from '../../comum/presentation/common-mappers.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { fromLinha, fromReserva } from '../../reservas/presentation/reservas-mappers.ts';
import type { PlanoAvaliado } from '../application/avaliar-plano.ts';
import type { CancelamentoDeOcorrencia } from '../application/cancelar-serie.ts';
import type { OcorrenciaAvaliada } from '../domain/avaliar-serie.ts';
import type { EscopoCancelamento } from '../domain/escopo-cancelamento.ts';
import type { ModoDaSerie, PlanoDaSerie, Serie } from '../domain/serie.ts';

const ESTADO_PROTO: Readonly<Record<OcorrenciaAvaliada['estado'], EstadoOcorrencia>> = {
  LIVRE: EstadoOcorrencia.LIVRE,
  CONFLITO: EstadoOcorrencia.CONFLITO,
  EXCLUIDA: EstadoOcorrencia.EXCLUIDA,
  RECUSADA: EstadoOcorrencia.RECUSADA,
};

const MODO_PROTO: Readonly<Record<ModoDaSerie, ModoSerie>> = {
  TUDO_OU_NADA: ModoSerie.TUDO_OU_NADA,
  PULAR_CONFLITOS: ModoSerie.PULAR_CONFLITOS,
};

export function toModo(modo: ModoSerie): ModoDaSerie {
  return modo === ModoSerie.PULAR_CONFLITOS ? 'PULAR_CONFLITOS' : 'TUDO_OU_NADA';
}

/** Validation has refused requests that name no scope. */
export function toEscopo(escopo: EscopoProto): EscopoCancelamento {
  if (escopo === EscopoProto.TODAS) return 'TODAS';
  return escopo === EscopoProto.ESTA_E_SEGUINTES ? 'ESTA_E_SEGUINTES' : 'ESTA';
}

export function toPlano(request: SimularSerieRequest | CriarSerieRequest, clienteId: string): PlanoDaSerie {
  const { espacoId, inicioLocal, duracaoMinutos, rrule, datasExcluidas, guardarCreditos } = request;
  const extras = request.extras.map(({ codigo, quantidade }) => ({ codigo, quantidade }));
  const agenda = { inicioLocal, duracaoMinutos, rrule, datasExcluidas };
  return { ...agenda, clienteId, espacoId, extras, guardarCreditos };
}

export function fromSerie(
  { modo, criadaEm, datasExcluidas, puladas, ...serie }: Serie,
  reservas: readonly EstadoReserva[] = [],
): MessageInitShape<typeof SerieSchema> {
  const { id, clienteId, espacoId, fusoHorario, inicioLocal, duracaoMinutos, rrule, guardarCreditos } = serie;
  return {
    ...{ id, clienteId, espacoId, fusoHorario, inicioLocal, duracaoMinutos, rrule, guardarCreditos },
    datasExcluidas: [...datasExcluidas],
    modo: MODO_PROTO[modo],
    criadaEm: timestampFromDate(criadaEm),
    reservas: reservas.map((reserva) => fromReserva(reserva)),
    puladas: puladas.map((pulada) => ({ ...pulada })),
  };
}

export function fromPlanoAvaliado({
  espaco,
  ocorrencias,
  guardarCreditos,
}: PlanoAvaliado): MessageInitShape<typeof SimularSerieResponseSchema> {
  const zero = Dinheiro.zero(espaco.estado.precoPorHora.moeda);
  const valorTotal = ocorrencias.reduce(
    (soma, ocorrencia) => (ocorrencia.estado === 'LIVRE' ? soma.somar(ocorrencia.preco.valor) : soma),
    zero,
  );
  return {
    ocorrencias: ocorrencias.map(fromOcorrencia),
    valorTotal: fromDinheiro(valorTotal),
    fusoHorario: espaco.estado.fusoHorario,
    guardarCreditos,
  };
}

function fromOcorrencia(ocorrencia: OcorrenciaAvaliada): MessageInitShape<typeof OcorrenciaSimuladaSchema> {
  const { numero, data, periodo, preco, estado } = ocorrencia;
  return {
    numero,
    data,
    estado: ESTADO_PROTO[estado],
    ...(periodo && {
      dataInicio: timestampFromDate(periodo.inicio),
      dataFim: timestampFromDate(periodo.fim),
    }),
    ...(preco && { valor: fromDinheiro(preco.valor), preco: preco.linhas.map(fromLinha) }),
    ...('recusa' in ocorrencia && {
      motivo: ocorrencia.recusa.motivo,
      mensagem: ocorrencia.recusa.message,
    }),
  };
}

export function fromCancelamentos(
  feitos: readonly CancelamentoDeOcorrencia[],
): MessageInitShape<typeof CancelamentoSerieSchema> {
  const devolvidos = feitos.flatMap(({ resultado }) =>
    resultado.isSuccess ? [resultado.value.reembolso] : [],
  );
  const reembolso = devolvidos.reduce(
    (soma, valor) => soma.somar(valor),
    Dinheiro.zero(devolvidos[0]?.moeda),
  );
  return { ocorrencias: feitos.map(fromCancelamentoDeOcorrencia), reembolso: fromDinheiro(reembolso) };
}

function fromCancelamentoDeOcorrencia({
  reserva,
  resultado,
}: CancelamentoDeOcorrencia): MessageInitShape<typeof OcorrenciaCancelamentoSchema> {
  if (resultado.isFailure) {
    const { motivo, message } = resultado.error;
    return { reserva: fromReserva(reserva), permitido: false, motivo, explicacao: message };
  }
  const { reembolso, reembolsoCreditos, creditoBonus, explicacao } = resultado.value;
  return {
    reserva: fromReserva(reserva),
    permitido: true,
    reembolso: fromDinheiro(reembolso),
    ...(reembolsoCreditos && { reembolsoCreditos: fromDinheiro(reembolsoCreditos) }),
    creditoBonus: fromDinheiro(creditoBonus),
    explicacao,
  };
}

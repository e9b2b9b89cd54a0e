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
import { toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { toLinhaProto, toReservaProto } from '../../reservas/presentation/reservas-mappers.ts';
import type { PlanoAvaliado } from '../application/avaliar-plano.ts';
import type { CancelamentoDeOcorrencia } from '../application/cancelar-serie.ts';
import type { OcorrenciaAvaliada } from '../domain/avaliar-serie.ts';
import type { EscopoCancelamento } from '../domain/escopo-cancelamento.ts';
import type { ModoDaSerie, PlanoDaSerie, Serie } from '../domain/serie.ts';

export function modoFrom(modo: ModoSerie): ModoDaSerie {
  return modo === ModoSerie.PULAR_CONFLITOS ? 'PULAR_CONFLITOS' : 'TUDO_OU_NADA';
}

/** Validation has refused requests that name no scope. */
export function escopoFrom(escopo: EscopoProto): EscopoCancelamento {
  if (escopo === EscopoProto.TODAS) return 'TODAS';
  return escopo === EscopoProto.ESTA_E_SEGUINTES ? 'ESTA_E_SEGUINTES' : 'ESTA';
}

export function planoFrom(request: SimularSerieRequest | CriarSerieRequest, clienteId: string): PlanoDaSerie {
  const { espacoId, inicioLocal, duracaoMinutos, rrule, datasExcluidas, guardarCreditos } = request;
  const extras = request.extras.map(({ codigo, quantidade }) => ({ codigo, quantidade }));
  const agenda = { inicioLocal, duracaoMinutos, rrule, datasExcluidas };
  return { ...agenda, clienteId, espacoId, extras, guardarCreditos };
}

export function toSerieProto(
  { modo, criadoEm, datasExcluidas, puladas, ...serie }: Serie,
  reservas: readonly EstadoReserva[] = [],
): MessageInitShape<typeof SerieSchema> {
  const { id, clienteId, espacoId, fusoHorario, inicioLocal, duracaoMinutos, rrule, guardarCreditos } = serie;
  return {
    ...{ id, clienteId, espacoId, fusoHorario, inicioLocal, duracaoMinutos, rrule, guardarCreditos },
    datasExcluidas: [...datasExcluidas],
    modo: ModoSerie[modo],
    criadoEm: timestampFromDate(criadoEm),
    reservas: reservas.map((reserva) => toReservaProto(reserva)),
    puladas: puladas.map(({ motivo, ...pulada }) => ({ ...pulada, recusa: motivo })),
  };
}

export function toPlanoAvaliadoProto({
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
    ocorrencias: ocorrencias.map(toOcorrenciaProto),
    valorTotal: toDinheiroProto(valorTotal),
    fusoHorario: espaco.estado.fusoHorario,
    guardarCreditos,
  };
}

function toOcorrenciaProto(
  ocorrencia: OcorrenciaAvaliada,
): MessageInitShape<typeof OcorrenciaSimuladaSchema> {
  const { numero, data, periodo, preco, estado } = ocorrencia;
  return {
    numero,
    data,
    estado: EstadoOcorrencia[estado],
    ...(periodo && {
      dataInicio: timestampFromDate(periodo.inicio),
      dataFim: timestampFromDate(periodo.fim),
    }),
    ...(preco && { valor: toDinheiroProto(preco.valor), preco: preco.linhas.map(toLinhaProto) }),
    ...('recusa' in ocorrencia && {
      recusa: ocorrencia.recusa.motivo,
      mensagem: ocorrencia.recusa.message,
    }),
  };
}

export function toCancelamentosProto(
  feitos: readonly CancelamentoDeOcorrencia[],
): MessageInitShape<typeof CancelamentoSerieSchema> {
  const devolvidos = feitos.flatMap(({ resultado }) =>
    resultado.isSuccess ? [resultado.value.reembolso] : [],
  );
  const reembolso = devolvidos.reduce(
    (soma, valor) => soma.somar(valor),
    Dinheiro.zero(devolvidos[0]?.moeda),
  );
  return { ocorrencias: feitos.map(toCancelamentoDeOcorrenciaProto), reembolso: toDinheiroProto(reembolso) };
}

function toCancelamentoDeOcorrenciaProto({
  reserva,
  resultado,
}: CancelamentoDeOcorrencia): MessageInitShape<typeof OcorrenciaCancelamentoSchema> {
  if (resultado.isFailure) {
    const { motivo, message } = resultado.error;
    return { reserva: toReservaProto(reserva), permitido: false, recusa: motivo, explicacao: message };
  }
  const { reembolso, reembolsoCreditos, creditoBonus, explicacao } = resultado.value;
  return {
    reserva: toReservaProto(reserva),
    permitido: true,
    reembolso: toDinheiroProto(reembolso),
    ...(reembolsoCreditos && { reembolsoCreditos: toDinheiroProto(reembolsoCreditos) }),
    creditoBonus: toDinheiroProto(creditoBonus),
    explicacao,
  };
}

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { EntrarNaFilaRequest } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import {
  type CotacaoSchema,
  type LinhaPrecoSchema,
  type MudancaReservaSchema,
  PapelNaMudanca as PapelProto,
  type ReservaSchema,
  StatusEstorno as StatusEstornoProto,
  StatusReserva as StatusProto,
  TipoLinhaPreco,
} from '@plataforma/contratos/reservas/v1/reserva_pb';
import type {
  CotarReservaRequest,
  CriarReservaRequest,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import { textOrUndefined, toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { NENHUMA_DISPENSA } from '../../espacos/domain/dispensas.ts';
import type { LinhaPreco } from '../../precos/domain/precificacao.ts';
import { requiredInstantFrom } from '../../tempo/presentation/instantes.ts';
import type { CotacaoComDisponibilidade } from '../application/cotar-reserva.ts';
import { aguardaAceite } from '../domain/aceite.ts';
import type { Cancelamento, EstadoReserva, StatusEstorno } from '../domain/estado-reserva.ts';
import type { PapelNaMudanca, PassoVisivel } from '../domain/historico.ts';

const ESTORNO_PROTO: Readonly<Record<StatusEstorno, StatusEstornoProto>> = {
  SOLICITADO: StatusEstornoProto.SOLICITADO,
  CONCLUIDO: StatusEstornoProto.CONCLUIDO,
  FALHOU: StatusEstornoProto.FALHOU,
};

const STATUS_PROTO: Readonly<Record<StatusReserva, StatusProto>> = {
  PENDENTE_COBRANCA: StatusProto.PENDENTE_COBRANCA,
  PENDENTE_PAGAMENTO: StatusProto.PENDENTE_PAGAMENTO,
  EXPIRANDO: StatusProto.EXPIRANDO,
  CONFIRMADA: StatusProto.CONFIRMADA,
  CANCELADA: StatusProto.CANCELADA,
  EXPIRADA: StatusProto.EXPIRADA,
  CONCLUIDA: StatusProto.CONCLUIDA,
};

const LINHA_PROTO: Readonly<Record<LinhaPreco['tipo'], TipoLinhaPreco>> = {
  HORAS: TipoLinhaPreco.HORAS,
  PICO: TipoLinhaPreco.PICO,
  FIM_DE_SEMANA: TipoLinhaPreco.FIM_DE_SEMANA,
  ANTECEDENCIA: TipoLinhaPreco.ANTECEDENCIA,
  LIMPEZA: TipoLinhaPreco.LIMPEZA,
  EXTRA: TipoLinhaPreco.EXTRA,
};

const PAPEL_PROTO: Readonly<Record<PapelNaMudanca, PapelProto>> = {
  CLIENTE: PapelProto.CLIENTE,
  GESTOR: PapelProto.GESTOR,
  ADMIN: PapelProto.ADMIN,
  SISTEMA: PapelProto.SISTEMA,
};

/** The status, or undefined when none was named. */
export function statusReservaFrom(status: StatusProto): StatusReserva | undefined {
  const entry = Object.entries(STATUS_PROTO).find(([, proto]) => proto === status);
  return entry?.[0] as StatusReserva | undefined;
}

export function toStatusReservaProto(status: StatusReserva): StatusProto {
  return STATUS_PROTO[status];
}

/** What quoting, booking and waiting have in common. */
export function pedidoFrom(
  request: CotarReservaRequest | CriarReservaRequest | EntrarNaFilaRequest,
  clienteId: string,
) {
  return {
    clienteId,
    espacoId: request.espacoId,
    inicio: requiredInstantFrom(request.dataInicio),
    fim: requiredInstantFrom(request.dataFim),
    extras: request.extras.map(({ codigo, quantidade }) => ({ codigo, quantidade })),
  };
}

/** @throws ConnectError `ACESSO_NEGADO` for what the caller may not ask. */
export function pedidoDeReservaFrom(request: CriarReservaRequest, solicitante: Solicitante) {
  const { clienteId, ...porQuem } = quemReservaFrom('CriarReserva', request, solicitante);
  const { guardarCreditos } = request;
  return { ...pedidoFrom(request, clienteId), ...porQuem, guardarCreditos };
}

/** @throws ConnectError `ACESSO_NEGADO` for what the caller may not ask. */
export function quemReservaFrom(
  rpc: 'CriarReserva' | 'SimularSerie' | 'CriarSerie',
  request: Pick<CriarReservaRequest, 'clienteId' | 'dispensas' | 'espacoId'>,
  solicitante: Solicitante,
) {
  const { id } = solicitante;
  const clienteId = textOrUndefined(request.clienteId) ?? id;
  if (clienteId !== id) valueOrThrow(exigirPoder(`${rpc}.cliente_id`, solicitante, request.espacoId));
  if (request.dispensas) valueOrThrow(exigirPoder(`${rpc}.dispensas`, solicitante, request.espacoId));
  const { folga, antecedencia, limite, motivo } = request.dispensas ?? NENHUMA_DISPENSA;
  return { clienteId, quem: id, dispensas: { folga, antecedencia, limite, motivo } };
}

export function toReservaProto(
  reserva: EstadoReserva,
  historico: readonly PassoVisivel[] = [],
): MessageInitShape<typeof ReservaSchema> {
  const { periodo, preco, confirmadaEm, cancelamento, estorno, serie } = reserva;
  return {
    id: reserva.id,
    espacoId: reserva.espacoId,
    espacoNome: reserva.espacoNome,
    clienteId: reserva.clienteId,
    dataInicio: timestampFromDate(periodo.inicio),
    dataFim: timestampFromDate(periodo.fim),
    status: STATUS_PROTO[reserva.status],
    valor: toDinheiroProto(preco.valor),
    preco: preco.linhas.map(toLinhaProto),
    checkoutUrl: reserva.checkoutUrl ?? '',
    expiraEm: timestampFromDate(reserva.expiraEm),
    pagamentoId: reserva.pagamentoId ?? '',
    folgaMinutos: reserva.folgaMinutos,
    fusoHorario: reserva.fusoHorario,
    criadaEm: timestampFromDate(reserva.criadaEm),
    atualizadaEm: timestampFromDate(reserva.atualizadaEm),
    ...(confirmadaEm && {
      confirmadaEm: timestampFromDate(confirmadaEm),
      creditosUsados: toDinheiroProto(reserva.creditosUsados),
    }),
    guardarCreditos: reserva.guardarCreditos,
    aguardaAceite: aguardaAceite(reserva),
    ...(cancelamento && toCancelamentoProto(cancelamento)),
    estorno: estorno ? ESTORNO_PROTO[estorno.status] : StatusEstornoProto.UNSPECIFIED,
    extras: reserva.extras.map(({ precoUnitario, ...extra }) => ({
      ...extra,
      precoUnitario: toDinheiroProto(precoUnitario),
    })),
    historico: historico.map(toPassoProto),
    serieId: serie?.serieId ?? '',
    serieNumero: serie?.numero ?? 0,
  };
}

function toCancelamentoProto(cancelamento: Cancelamento) {
  const { em, motivo, reembolso, reembolsoCreditos, creditoBonus } = cancelamento;
  return {
    canceladaEm: timestampFromDate(em),
    motivoCancelamento: motivo,
    reembolso: toDinheiroProto(reembolso),
    ...(reembolsoCreditos && { reembolsoCreditos: toDinheiroProto(reembolsoCreditos) }),
    ...(creditoBonus.centavos > 0n && { creditoBonus: toDinheiroProto(creditoBonus) }),
  };
}

export function toCotacaoProto({
  cotacao,
  disponivel,
}: CotacaoComDisponibilidade): MessageInitShape<typeof CotacaoSchema> {
  return {
    id: cotacao.id,
    espacoId: cotacao.espacoId,
    dataInicio: timestampFromDate(cotacao.periodo.inicio),
    dataFim: timestampFromDate(cotacao.periodo.fim),
    valor: toDinheiroProto(cotacao.preco.valor),
    preco: cotacao.preco.linhas.map(toLinhaProto),
    validaAte: timestampFromDate(cotacao.validaAte),
    disponivel,
  };
}

function toPassoProto(passo: PassoVisivel): MessageInitShape<typeof MudancaReservaSchema> {
  return {
    evento: passo.evento,
    deStatus: passo.de ? STATUS_PROTO[passo.de] : StatusProto.UNSPECIFIED,
    paraStatus: STATUS_PROTO[passo.para],
    papel: PAPEL_PROTO[passo.papel],
    quem: passo.quem,
    porque: passo.porque,
    em: timestampFromDate(passo.em),
  };
}

export function toLinhaProto({
  tipo,
  descricao,
  valor,
}: LinhaPreco): MessageInitShape<typeof LinhaPrecoSchema> {
  return { tipo: LINHA_PROTO[tipo], descricao, valor: toDinheiroProto(valor) };
}

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { EntrarNaFilaRequest } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import {
  type CotacaoSchema,
  type LinhaPrecoSchema,
  type MudancaReservaSchema,
  PapelNaMudanca,
  type ReservaSchema,
  StatusEstorno,
  StatusReserva,
  TipoLinhaPreco,
} from '@plataforma/contratos/reservas/v1/reserva_pb';
import type {
  CotarReservaRequest,
  CriarReservaRequest,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { textOrUndefined, toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { NENHUMA_DISPENSA } from '../../espacos/domain/dispensas.ts';
import type { LinhaPreco } from '../../precos/domain/precificacao.ts';
import { requiredInstantFrom } from '../../tempo/presentation/instantes.ts';
import type { CotacaoComDisponibilidade } from '../application/cotar-reserva.ts';
import { aguardaAceite } from '../domain/aceite.ts';
import type { Cancelamento, EstadoReserva } from '../domain/estado-reserva.ts';
import type { PassoVisivel } from '../domain/historico.ts';

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
  const { periodo, preco, confirmadoEm, cancelamento, estorno, serie } = reserva;
  return {
    id: reserva.id,
    espacoId: reserva.espacoId,
    espacoNome: reserva.espacoNome,
    clienteId: reserva.clienteId,
    dataInicio: timestampFromDate(periodo.inicio),
    dataFim: timestampFromDate(periodo.fim),
    status: StatusReserva[reserva.status],
    valor: toDinheiroProto(preco.valor),
    preco: preco.linhas.map(toLinhaProto),
    checkoutUrl: reserva.checkoutUrl ?? '',
    expiraEm: timestampFromDate(reserva.expiraEm),
    pagamentoId: reserva.pagamentoId ?? '',
    folgaMinutos: reserva.folgaMinutos,
    fusoHorario: reserva.fusoHorario,
    criadoEm: timestampFromDate(reserva.criadoEm),
    atualizadoEm: timestampFromDate(reserva.atualizadoEm),
    ...(confirmadoEm && {
      confirmadoEm: timestampFromDate(confirmadoEm),
      creditosUsados: toDinheiroProto(reserva.creditosUsados),
    }),
    guardarCreditos: reserva.guardarCreditos,
    aguardaAceite: aguardaAceite(reserva),
    ...(cancelamento && toCancelamentoProto(cancelamento)),
    estorno: estorno ? StatusEstorno[estorno.status] : StatusEstorno.UNSPECIFIED,
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
    canceladoEm: timestampFromDate(em),
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
    validoAte: timestampFromDate(cotacao.validoAte),
    disponivel,
  };
}

function toPassoProto(passo: PassoVisivel): MessageInitShape<typeof MudancaReservaSchema> {
  return {
    evento: passo.evento,
    deStatus: passo.de ? StatusReserva[passo.de] : StatusReserva.UNSPECIFIED,
    paraStatus: StatusReserva[passo.para],
    papel: PapelNaMudanca[passo.papel],
    quem: passo.quem,
    porque: passo.porque,
    ocorridoEm: timestampFromDate(passo.em),
  };
}

export function toLinhaProto({
  tipo,
  descricao,
  valor,
}: LinhaPreco): MessageInitShape<typeof LinhaPrecoSchema> {
  return { tipo: TipoLinhaPreco[tipo], descricao, valor: toDinheiroProto(valor) };
}

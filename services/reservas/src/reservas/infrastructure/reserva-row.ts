import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import type { Row } from '../../comum/infrastructure/insert-row.ts';
import {
  type ExtraJson,
  extrasFromJson,
  extrasToJson,
  type LinhaJson,
  precoFromJson,
  precoToJson,
} from '../../precos/infrastructure/preco-json.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import type {
  Anuncios,
  Cancelamento,
  Devolvivel,
  EstadoReserva,
  Estorno,
  Expiracao,
  LugarNaSerie,
  StatusEstorno,
} from '../domain/estado-reserva.ts';
import { totalEstornado } from '../domain/estornos-da-reserva.ts';
import type { ExcecaoCancelamento, PoliticaCancelamento } from '../domain/politica-cancelamento.ts';

/** A row of `reservas` as the driver gives it: bigint comes as text. */
export interface ReservaRow {
  readonly id: string;
  readonly versao: number;
  readonly status: StatusReserva;
  readonly cliente_id: string;
  readonly espaco_id: string;
  readonly espaco_nome: string;
  readonly espaco_endereco: string;
  readonly fuso_horario: string;
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly folga_minutos: number;
  readonly preco: readonly LinhaJson[];
  readonly valor_centavos: string;
  readonly moeda: string;
  readonly extras: readonly ExtraJson[];
  readonly politica: PoliticaCancelamento;
  readonly cotacao_id: string | null;
  readonly ignora_buffer_motivo: string | null;
  readonly guardar_creditos: boolean;
  readonly criada_por: string | null;
  readonly aceita_em: Date | null;
  readonly checkout_url: string | null;
  readonly pagamento_id: string | null;
  readonly expira_em: Date;
  readonly criada_em: Date;
  readonly atualizada_em: Date;
  readonly confirmada_em: Date | null;
  readonly pago_em: Date | null;
  readonly creditos_centavos: string;
  readonly expirando_desde: Date | null;
  readonly anuncios: number | null;
  readonly proximo_anuncio_em: Date | null;
  readonly cancelada_em: Date | null;
  readonly motivo_cancelamento: string | null;
  readonly excecao_cancelamento: ExcecaoCancelamento | null;
  readonly reembolso_centavos: string | null;
  readonly reembolso_creditos: string | null;
  readonly bonus_centavos: string | null;
  readonly estorno_numero: number | null;
  readonly estorno_status: StatusEstorno | null;
  readonly estornos: readonly EstornoJson[];
  readonly devolvivel_versao: number | null;
  readonly devolvivel_centavos: string | null;
  readonly devolvivel_creditos: string | null;
  readonly pagamento_nao_aproveitado: string | null;
  readonly devolucao_anuncios: number | null;
  readonly devolucao_anuncio_em: Date | null;
  readonly serie_id: string | null;
  readonly serie_numero: number | null;
  readonly serie_data: string | null;
}

interface EstornoJson {
  readonly numero: number;
  readonly status: StatusEstorno;
  readonly centavos: string | null;
}

/** The columns of {@link ReservaRow}: a statement that names them is prepared, one that asks for all is not. */
export const COLUNAS_DA_RESERVA = `
  id, versao, status, cliente_id, espaco_id, espaco_nome, espaco_endereco, fuso_horario, data_inicio,
  data_fim, folga_minutos, preco, valor_centavos, moeda, extras, politica, cotacao_id,
  ignora_buffer_motivo, guardar_creditos, criada_por, aceita_em, checkout_url, pagamento_id, expira_em,
  criada_em, atualizada_em, confirmada_em, pago_em, creditos_centavos, expirando_desde, anuncios,
  proximo_anuncio_em, cancelada_em, motivo_cancelamento, excecao_cancelamento, reembolso_centavos,
  reembolso_creditos, bonus_centavos, estorno_numero, estorno_status, estornos, devolvivel_versao, devolvivel_centavos,
  devolvivel_creditos, pagamento_nao_aproveitado, devolucao_anuncios, devolucao_anuncio_em, serie_id, serie_numero,
  serie_data`;

export function reservaFromRow(row: ReservaRow): EstadoReserva {
  return {
    id: row.id,
    versao: row.versao,
    status: row.status,
    clienteId: row.cliente_id,
    espacoId: row.espaco_id,
    espacoNome: row.espaco_nome,
    espacoEndereco: row.espaco_endereco,
    fusoHorario: row.fuso_horario,
    periodo: periodoFromRow(row),
    serie: lugarFromRow(row),
    folgaMinutos: row.folga_minutos,
    preco: precoFromJson(row.preco, row.valor_centavos, row.moeda),
    extras: extrasFromJson(row.extras, row.moeda),
    politica: row.politica,
    cotacaoId: row.cotacao_id ?? undefined,
    dispensaDeFolga: row.ignora_buffer_motivo ?? undefined,
    guardarCreditos: row.guardar_creditos,
    criadaPor: row.criada_por ?? row.cliente_id,
    aceitaEm: row.aceita_em ?? undefined,
    checkoutUrl: row.checkout_url ?? undefined,
    pagamentoId: row.pagamento_id ?? undefined,
    expiraEm: row.expira_em,
    criadoEm: row.criada_em,
    atualizadoEm: row.atualizada_em,
    confirmadoEm: row.confirmada_em ?? undefined,
    pagoEm: row.pago_em ?? undefined,
    creditosUsados: Dinheiro.deCentavos(BigInt(row.creditos_centavos), row.moeda),
    expiracao: expiracaoFromRow(row),
    devolucao: devolucaoFromRow(row),
    cancelamento: cancelamentoFromRow(row),
    estorno: estornoFromRow(row),
    estornos: row.estornos.map((estorno) => estornoFromJson(estorno, row.moeda)),
    devolvivel: devolvivelFromRow(row),
    pagamentoNaoAproveitado: row.pagamento_nao_aproveitado ?? undefined,
  };
}

function lugarFromRow({ serie_id, serie_numero, serie_data }: ReservaRow): LugarNaSerie | undefined {
  if (serie_id === null || serie_numero === null || serie_data === null) return undefined;
  return { serieId: serie_id, numero: serie_numero, data: serie_data };
}

function expiracaoFromRow({
  expirando_desde,
  anuncios,
  proximo_anuncio_em,
}: ReservaRow): Expiracao | undefined {
  if (!expirando_desde || anuncios === null || !proximo_anuncio_em) return undefined;
  return { desde: expirando_desde, anuncios, proximoAnuncioEm: proximo_anuncio_em };
}

function devolucaoFromRow({ devolucao_anuncios, devolucao_anuncio_em }: ReservaRow): Anuncios | undefined {
  if (devolucao_anuncios === null || !devolucao_anuncio_em) return undefined;
  return { anuncios: devolucao_anuncios, proximoAnuncioEm: devolucao_anuncio_em };
}

function cancelamentoFromRow(row: ReservaRow): Cancelamento | undefined {
  if (!row.cancelada_em) return undefined;
  return {
    em: row.cancelada_em,
    motivo: row.motivo_cancelamento ?? '',
    excecao: row.excecao_cancelamento ?? undefined,
    reembolso: Dinheiro.deCentavos(BigInt(row.reembolso_centavos ?? 0), row.moeda),
    ...(row.reembolso_creditos !== null && {
      reembolsoCreditos: Dinheiro.deCentavos(BigInt(row.reembolso_creditos), row.moeda),
    }),
    creditoBonus: Dinheiro.deCentavos(BigInt(row.bonus_centavos ?? 0), row.moeda),
  };
}

function devolvivelFromRow(row: ReservaRow): Devolvivel | undefined {
  const { devolvivel_versao: versao, devolvivel_centavos: valor, devolvivel_creditos: creditos, moeda } = row;
  if (versao === null || valor === null || creditos === null) return undefined;
  const dinheiro = (centavos: string) => Dinheiro.deCentavos(BigInt(centavos), moeda);
  return { versao, valor: dinheiro(valor), creditos: dinheiro(creditos) };
}

function estornoFromRow({ estorno_numero, estorno_status }: ReservaRow): Estorno | undefined {
  return estorno_numero === null || estorno_status === null
    ? undefined
    : { numero: estorno_numero, status: estorno_status };
}

function estornoFromJson({ numero, status, centavos }: EstornoJson, moeda: string): Estorno {
  if (centavos === null) return { numero, status };
  return { numero, status, valor: Dinheiro.deCentavos(BigInt(centavos), moeda) };
}

function estornosToJson(estornos: readonly Estorno[]): string {
  const json: EstornoJson[] = estornos.map(({ numero, status, valor }) => ({
    numero,
    status,
    centavos: valor ? String(valor.centavos) : null,
  }));
  return JSON.stringify(json);
}

/** All columns of a new reservation. */
export function reservaToRow(reserva: EstadoReserva): Row {
  const { periodo, preco, folgaMinutos } = reserva;
  return {
    ...reservaMutableColumns(reserva),
    id: reserva.id,
    cliente_id: reserva.clienteId,
    espaco_id: reserva.espacoId,
    espaco_nome: reserva.espacoNome,
    espaco_endereco: reserva.espacoEndereco,
    fuso_horario: reserva.fusoHorario,
    data_inicio: periodo.inicio,
    data_fim: periodo.fim,
    folga_minutos: folgaMinutos,
    bloqueio_fim: periodo.bloqueioFim(folgaMinutos),
    preco: precoToJson(preco),
    valor_centavos: preco.valor.centavos,
    moeda: preco.valor.moeda,
    extras: extrasToJson(reserva.extras),
    politica: JSON.stringify(reserva.politica),
    cotacao_id: reserva.cotacaoId ?? null,
    ignora_buffer: reserva.dispensaDeFolga !== undefined,
    ignora_buffer_motivo: reserva.dispensaDeFolga ?? null,
    serie_id: reserva.serie?.serieId ?? null,
    serie_numero: reserva.serie?.numero ?? null,
    serie_data: reserva.serie?.data ?? null,
    guardar_creditos: reserva.guardarCreditos,
    criada_por: reserva.criadaPor,
    criada_em: reserva.criadoEm,
  };
}

/** The columns that a reservation changes in its life. */
export function reservaMutableColumns(reserva: EstadoReserva): Row {
  const { expiracao, devolucao, cancelamento, estorno, estornos, devolvivel } = reserva;
  return {
    versao: reserva.versao,
    status: reserva.status,
    aceita_em: reserva.aceitaEm ?? null,
    checkout_url: reserva.checkoutUrl ?? null,
    pagamento_id: reserva.pagamentoId ?? null,
    expira_em: reserva.expiraEm,
    atualizada_em: reserva.atualizadoEm,
    confirmada_em: reserva.confirmadoEm ?? null,
    pago_em: reserva.pagoEm ?? null,
    creditos_centavos: reserva.creditosUsados.centavos,
    expirando_desde: expiracao?.desde ?? null,
    anuncios: expiracao?.anuncios ?? null,
    proximo_anuncio_em: expiracao?.proximoAnuncioEm ?? null,
    devolucao_anuncios: devolucao?.anuncios ?? null,
    devolucao_anuncio_em: devolucao?.proximoAnuncioEm ?? null,
    cancelada_em: cancelamento?.em ?? null,
    motivo_cancelamento: cancelamento?.motivo ?? null,
    excecao_cancelamento: cancelamento?.excecao ?? null,
    reembolso_centavos: cancelamento?.reembolso.centavos ?? null,
    reembolso_creditos: cancelamento?.reembolsoCreditos?.centavos ?? null,
    bonus_centavos: cancelamento?.creditoBonus.centavos ?? null,
    estorno_numero: estorno?.numero ?? null,
    estorno_status: estorno?.status ?? null,
    estornos: estornosToJson(estornos),
    estornado_centavos: totalEstornado(estornos),
    devolvivel_versao: devolvivel?.versao ?? null,
    devolvivel_centavos: devolvivel?.valor.centavos ?? null,
    devolvivel_creditos: devolvivel?.creditos.centavos ?? null,
    pagamento_nao_aproveitado: reserva.pagamentoNaoAproveitado ?? null,
  };
}

import type { Row } from '../../comum/infrastructure/insert-row.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import type { DataPulada, ModoDaSerie, Serie } from '../domain/serie.ts';

/** A row of `series` as the driver gives it. */
export interface SerieRow {
  readonly id: string;
  readonly cliente_id: string;
  readonly espaco_id: string;
  readonly fuso_horario: string;
  readonly inicio_local: string;
  readonly duracao_minutos: number;
  readonly rrule: string;
  readonly datas_excluidas: readonly string[];
  readonly extras: readonly ExtraPedido[];
  readonly guardar_creditos: boolean;
  readonly modo: ModoDaSerie;
  readonly puladas: readonly DataPulada[];
  readonly criada_por: string;
  readonly criada_em: Date;
}

export function serieFromRow(row: SerieRow): Serie {
  return {
    id: row.id,
    clienteId: row.cliente_id,
    espacoId: row.espaco_id,
    fusoHorario: row.fuso_horario,
    inicioLocal: row.inicio_local,
    duracaoMinutos: row.duracao_minutos,
    rrule: row.rrule,
    datasExcluidas: row.datas_excluidas,
    extras: row.extras,
    guardarCreditos: row.guardar_creditos,
    modo: row.modo,
    puladas: row.puladas,
    criadaPor: row.criada_por,
    criadoEm: row.criada_em,
  };
}

export function serieToRow(serie: Serie): Row {
  return {
    id: serie.id,
    cliente_id: serie.clienteId,
    espaco_id: serie.espacoId,
    fuso_horario: serie.fusoHorario,
    inicio_local: serie.inicioLocal,
    duracao_minutos: serie.duracaoMinutos,
    rrule: serie.rrule,
    datas_excluidas: JSON.stringify(serie.datasExcluidas),
    extras: JSON.stringify(serie.extras),
    guardar_creditos: serie.guardarCreditos,
    modo: serie.modo,
    puladas: JSON.stringify(serie.puladas),
    criada_por: serie.criadaPor,
    criada_em: serie.criadoEm,
  };
}

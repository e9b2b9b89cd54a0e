import type { Row } from '../../comum/infrastructure/insert-row.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import type { EstadoEntrada, StatusEntrada } from '../domain/entrada-fila.ts';

/** A row of `fila_espera` as the driver gives it. */
export interface EntradaRow {
  readonly id: string;
  /** bigint comes as text. */
  readonly ordem: string;
  readonly versao: number;
  readonly status: StatusEntrada;
  readonly cliente_id: string;
  readonly espaco_id: string;
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly extras: readonly ExtraPedido[];
  readonly encerra_em: Date;
  readonly reserva_id: string | null;
  readonly oferta_expira_em: Date | null;
  readonly criada_em: Date;
  readonly atualizada_em: Date;
}

/** The columns of {@link EntradaRow} in the table `f`, named so that a statement with them is prepared. */
export const COLUNAS_DA_ENTRADA = `
  f.id, f.ordem, f.versao, f.status, f.cliente_id, f.espaco_id, f.data_inicio, f.data_fim, f.extras,
  f.encerra_em, f.reserva_id, f.oferta_expira_em, f.criada_em, f.atualizada_em`;

export function entradaFromRow(row: EntradaRow): EstadoEntrada {
  const { reserva_id: reservaId, oferta_expira_em: expiraEm } = row;
  return {
    id: row.id,
    versao: row.versao,
    status: row.status,
    clienteId: row.cliente_id,
    espacoId: row.espaco_id,
    periodo: periodoFromRow(row),
    extras: row.extras,
    encerraEm: row.encerra_em,
    criadoEm: row.criada_em,
    atualizadoEm: row.atualizada_em,
    oferta: reservaId !== null && expiraEm !== null ? { reservaId, expiraEm } : undefined,
  };
}

/** All columns of a new entry. */
export function entradaToRow(entrada: EstadoEntrada): Row {
  return {
    id: entrada.id,
    versao: entrada.versao,
    status: entrada.status,
    cliente_id: entrada.clienteId,
    espaco_id: entrada.espacoId,
    data_inicio: entrada.periodo.inicio,
    data_fim: entrada.periodo.fim,
    extras: JSON.stringify(entrada.extras),
    encerra_em: entrada.encerraEm,
    criada_em: entrada.criadoEm,
    atualizada_em: entrada.atualizadoEm,
  };
}

import type { EstadoExportacao, Exportacao } from '../domain/exportacao.ts';

/** Columns of an export, as {@link exportacaoFrom} takes them. */
export const COLUNAS = `
  id, usuario_id as "usuarioId", estado, pedida_em as "pedidoEm", sessao_id as "sessaoId", endereco, dispositivo,
  requisicao, fonte, pagina, secao, secao_vazia as "secaoVazia", partes, bytes, sha256, avancou_em as "avancouEm",
  pronta_em as "prontoEm", expira_em as "expiraEm"`;

/** A row of `exportacoes`. */
export interface ExportacaoRow {
  readonly id: string;
  readonly usuarioId: string;
  readonly estado: EstadoExportacao;
  readonly pedidoEm: Date;
  readonly sessaoId: string | null;
  readonly endereco: string;
  readonly dispositivo: string;
  readonly requisicao: string;
  readonly fonte: string;
  readonly pagina: string;
  readonly secao: string;
  readonly secaoVazia: boolean;
  readonly partes: number;
  readonly bytes: number;
  readonly sha256: Buffer | null;
  readonly avancouEm: Date;
  readonly prontoEm: Date | null;
  readonly expiraEm: Date | null;
}

export function exportacaoFrom({ endereco, dispositivo, requisicao, ...row }: ExportacaoRow): Exportacao {
  return {
    ...row,
    origem: { endereco, dispositivo, requisicao },
    sessaoId: row.sessaoId ?? undefined,
    sha256: row.sha256 ?? undefined,
    prontoEm: row.prontoEm ?? undefined,
    expiraEm: row.expiraEm ?? undefined,
  };
}

import type { Sql } from '@plataforma/runtime/transaction';
import type {
  AndamentoDaMigracao,
  ChaveDeRegistro,
  HistoricoAnterior,
  RegistroLido,
} from '../application/ports.ts';
import { REGISTRO } from './consulta-de-historico.ts';

const PROGRESS = `
  select notificacao_id as "notificacaoId", sequencia, copiados::int as copiados from historico_migracao`;

const BEHIND = `
  select ${REGISTRO} from historico_notificacoes h
  where (h.notificacao_id, h.sequencia) > ($1, $2)
  order by h.notificacao_id, h.sequencia limit $3`;

const NOTE = `
  insert into historico_migracao (notificacao_id, sequencia, copiados, concluida_em)
  values ($1, $2, $3, case when $4 then now() end)
  on conflict (unica) do update
  set notificacao_id = excluded.notificacao_id, sequencia = excluded.sequencia, copiados = excluded.copiados,
    concluida_em = excluded.concluida_em`;

/** The history as it is in PostgreSQL, and how much of it the migration has copied. */
export class PostgresHistoricoAnterior implements HistoricoAnterior {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async andamento(): Promise<AndamentoDaMigracao | undefined> {
    const [andamento]: AndamentoDaMigracao[] = await this.#sql.query(PROGRESS);
    return andamento;
  }

  depoisDe({ notificacaoId, sequencia }: ChaveDeRegistro, limite: number): Promise<RegistroLido[]> {
    return this.#sql.query(BEHIND, [notificacaoId, sequencia, limite]);
  }

  async anotar(
    { notificacaoId, sequencia, copiados }: AndamentoDaMigracao,
    completa: boolean,
  ): Promise<void> {
    await this.#sql.query(NOTE, [notificacaoId, sequencia, copiados, completa]);
  }
}

import type { Sql } from '@plataforma/runtime/transaction';
import type { HistoricoDeNotificacoes, RegistroHistorico } from '../application/ports.ts';

const INSERT = `
  insert into historico_notificacoes
    (notificacao_id, sequencia, cliente_id, canal, modelo, reserva_id, tipo, destino, detalhe, ocorrido_em)
  select mensagem, sequencia, cliente, canal, modelo, reserva, tipo, destino, detalhe, em
  from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::timestamptz[]) as r (mensagem, sequencia, cliente, canal, modelo, reserva, tipo, destino, detalhe, em)
  on conflict (notificacao_id, sequencia) do nothing`;

/** One that is new is to be copied: known in the same transaction, so that none is forgotten. */
const INSERT_TO_COPY = `
  with novo as (${INSERT} returning notificacao_id, sequencia)
  insert into historico_a_copiar (notificacao_id, sequencia) select notificacao_id, sequencia from novo`;

/** The history in PostgreSQL, where triggers refuse every change of what is written. */
export class PostgresHistorico implements HistoricoDeNotificacoes {
  readonly #sql: Sql;
  readonly #insert: string;

  /** @param copiado whether there is another store that it is copied to */
  constructor(sql: Sql, copiado = false) {
    this.#sql = sql;
    this.#insert = copiado ? INSERT_TO_COPY : INSERT;
  }

  async registrar(...registros: readonly RegistroHistorico[]): Promise<void> {
    if (registros.length === 0) return;
    await this.#sql.query(this.#insert, [
      registros.map(({ notificacaoId }) => notificacaoId),
      registros.map(({ sequencia }) => sequencia),
      registros.map(({ clienteId }) => clienteId),
      registros.map(({ canal }) => canal),
      registros.map(({ modelo }) => modelo),
      registros.map(({ reservaId }) => reservaId),
      registros.map(({ tipo }) => tipo),
      registros.map(({ destino }) => destino),
      registros.map(({ detalhe }) => detalhe),
      registros.map(({ ocorridoEm }) => ocorridoEm),
    ]);
  }
}

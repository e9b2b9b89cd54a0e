import type { Sql } from '@plataforma/runtime/transaction';
import type { HistoricoDeNotificacoes, RegistroHistorico } from '../application/ports.ts';

const INSERT = `
  insert into historico_notificacoes
    (notificacao_id, sequencia, cliente_id, canal, modelo, reserva_id, tipo, destino, detalhe, ocorrido_em)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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

  async registrar(registro: RegistroHistorico): Promise<void> {
    const { notificacaoId, sequencia, clienteId, canal, modelo, reservaId, tipo } = registro;
    const { destino, detalhe, ocorridoEm } = registro;
    await this.#sql.query(this.#insert, [
      notificacaoId,
      sequencia,
      clienteId,
      canal,
      modelo,
      reservaId,
      tipo,
      destino,
      detalhe,
      ocorridoEm,
    ]);
  }
}

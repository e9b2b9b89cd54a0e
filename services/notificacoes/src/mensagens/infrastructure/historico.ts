import type { Sql } from '@plataforma/runtime/transaction';
import type { HistoricoDeNotificacoes, RegistroHistorico } from '../application/ports.ts';

const INSERT = `
  insert into historico_notificacoes
    (notificacao_id, sequencia, cliente_id, canal, modelo, reserva_id, tipo, destino, detalhe, ocorrido_em)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (notificacao_id, sequencia) do nothing`;

/** The history in PostgreSQL, where a trigger refuses every change of what is written. */
export class PostgresHistorico implements HistoricoDeNotificacoes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async registrar(registro: RegistroHistorico): Promise<void> {
    const { notificacaoId, sequencia, clienteId, canal, modelo, reservaId, tipo } = registro;
    const { destino, detalhe, ocorridoEm } = registro;
    await this.#sql.query(INSERT, [
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

import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { SessaoEncerradaSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { EndedSessions } from '@plataforma/runtime/ended-sessions';
import { storeEndedSession } from '@plataforma/runtime/ended-sessions-table';
import { appendToOutbox, integrationEvent } from '@plataforma/runtime/outbox';
import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import type { AfterCommit } from '@plataforma/runtime/unit-of-work';
import {
  type ConsultaDeEncerramentos,
  EncerramentoRepetidoError,
  type EncerramentosRepository,
} from '../application/ports.ts';

const UNANNOUNCED = `
  select s.id from unnest($1::text[]) with ordinality as s(id, ordem)
  where not exists (
    select 1 from outbox where agregado_tipo = 'sessao' and agregado_id = s.id and agregado_versao = 1 and assunto = $2)
  order by ordem`;

const ENDED = 'select sessao_id as id from sessoes_terminadas where sessao_id = any($1::text[])';

/** Ended sessions in PostgreSQL. */
export class PostgresConsultaDeEncerramentos implements ConsultaDeEncerramentos {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async terminadas(sessoes: readonly string[]): Promise<readonly string[]> {
    const rows: Array<{ id: string }> = await this.#sql.query(ENDED, [sessoes]);
    return rows.map(({ id }) => id);
  }
}

/** Announces ended sessions to all services, and to this one at once. */
export class PostgresEncerramentosRepository implements EncerramentosRepository {
  readonly #sql: Sql;
  readonly #afterCommit: AfterCommit;
  readonly #ended: EndedSessions;

  constructor(sql: Sql, afterCommit: AfterCommit, ended: EndedSessions) {
    this.#sql = sql;
    this.#afterCommit = afterCommit;
    this.#ended = ended;
  }

  async add(sessaoId: string, em: Date): Promise<void> {
    const agregado = { tipo: 'sessao', id: sessaoId, versao: 1 };
    const event = integrationEvent(
      SessaoEncerradaSchema,
      { sessaoId, ocorridoEm: timestampFromDate(em) },
      agregado,
    );
    try {
      await appendToOutbox(this.#sql, [event]);
    } catch (error) {
      if (!isUniqueViolation(error, 'outbox_agregado_uq')) throw error;
      throw new EncerramentoRepetidoError(`the end of ${sessaoId} was announced before`, { cause: error });
    }
    await storeEndedSession(this.#sql, sessaoId, em);
    this.#afterCommit(() => this.#ended.noteSession(sessaoId, em));
  }

  async semAnuncio(sessoes: readonly string[]): Promise<readonly string[]> {
    const rows: Array<{ id: string }> = await this.#sql.query(UNANNOUNCED, [
      sessoes,
      SessaoEncerradaSchema.typeName,
    ]);
    return rows.map(({ id }) => id);
  }
}

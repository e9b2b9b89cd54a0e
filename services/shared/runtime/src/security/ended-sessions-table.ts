import {
  SessaoEncerradaSchema,
  UsuarioAtualizadoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import type { DataSource } from 'typeorm';
import type { ConsumeOptions } from '../events/consumer/event-consumer.ts';
import { on } from '../events/event-message.ts';
import { autocommit, type Sql } from '../postgres/transaction.ts';
import { ALL_GENERATIONS, type EndedSessions, KEPT_MS } from './ended-sessions.ts';

/** Events may come twice or out of order: the highest generation stands. */
const NOTE_ACCOUNT = `
  insert into sessoes_encerradas as s (usuario_id, geracao, em) values ($1, $2, $3)
  on conflict (usuario_id) do update
    set geracao = greatest(s.geracao, excluded.geracao), em = greatest(s.em, excluded.em)`;

const NOTE_SESSION = `
  insert into sessoes_revogadas (sessao_id, em) values ($1, $2) on conflict (sessao_id) do nothing`;

const FORGET_ACCOUNTS = 'delete from sessoes_encerradas where em < $1';
const FORGET_SESSIONS = 'delete from sessoes_revogadas where em < $1';

/**
 * What was written behind a position, oldest first. The names of accounts and sessions never are the same; a session has
 * no generation.
 */
const BEHIND = `
  select id, geracao, em, vista_em::text as "vistaEm" from (
    (select usuario_id as id, geracao, em, vista_em from sessoes_encerradas
      where (vista_em, usuario_id) > ($1::timestamptz - $2 * interval '1 second', $3)
      order by vista_em, usuario_id limit $4)
    union all
    (select sessao_id, null, em, vista_em from sessoes_revogadas
      where (vista_em, sessao_id) > ($1::timestamptz - $2 * interval '1 second', $3)
      order by vista_em, sessao_id limit $4)) as fins
  order by vista_em, id limit $4`;

/** Where somebody who reads the table is. */
export interface TablePosition {
  /** In the words of the database, which counts microseconds. */
  readonly vistaEm: string;
  readonly id: string;
}

/** An end as the table tells it. */
export interface NotedEnd extends TablePosition {
  readonly geracao: number | null;
  readonly em: Date;
}

/** Stores that earlier generations of an account's sessions are over, in the caller's transaction. */
export async function storeEndedAccount(
  sql: Sql,
  usuarioId: string,
  geracao: number,
  em: Date,
): Promise<void> {
  await sql.query(NOTE_ACCOUNT, [usuarioId, geracao, em]);
}

/** Stores that a session is over, in the caller's transaction. */
export async function storeEndedSession(sql: Sql, sessaoId: string, em: Date): Promise<void> {
  await sql.query(NOTE_SESSION, [sessaoId, em]);
}

/**
 * What this service has heard of ended sessions, in its own database (tables `sessoes_encerradas`, `sessoes_revogadas`):
 * every process that starts or was cut off finds it there, whatever else is away. As small as the number of sessions that
 * ended in twenty minutes.
 */
export class EndedSessionsTable {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = autocommit(dataSource);
  }

  /** At most so many ends that were written behind there, begun so many seconds before, oldest first. */
  behind({ vistaEm, id }: TablePosition, secondsBefore: number, limit: number): Promise<NotedEnd[]> {
    return this.#sql.query(BEHIND, [vistaEm, secondsBefore, id, limit]);
  }

  /** Deletes what is about tokens that have expired. */
  async forget(): Promise<void> {
    const oldest = new Date(Date.now() - KEPT_MS);
    await this.#sql.query(FORGET_ACCOUNTS, [oldest]);
    await this.#sql.query(FORGET_SESSIONS, [oldest]);
  }

  /** Listens to auth on behalf of the service; this process knows at once, the others read the table. */
  consumer(service: string, ended: EndedSessions): ConsumeOptions {
    const account = async (usuarioId: string, geracao: number, em: Date) => {
      // The first generation ends nothing, and what is older than any token has nothing to end.
      if (geracao === 1 || isOver(em)) return;
      ended.noteAccount(usuarioId, geracao, em);
      await storeEndedAccount(this.#sql, usuarioId, geracao, em);
    };
    const atualizado = on(UsuarioAtualizadoSchema, ({ usuarioId, geracaoSessoes }, { ocorridoEm }) =>
      account(usuarioId, geracaoSessoes, ocorridoEm),
    );
    const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
      account(usuarioId, ALL_GENERATIONS, ocorridoEm),
    );
    const encerrada = on(SessaoEncerradaSchema, async ({ sessaoId }, { ocorridoEm }) => {
      if (isOver(ocorridoEm)) return;
      ended.noteSession(sessaoId, ocorridoEm);
      await storeEndedSession(this.#sql, sessaoId, ocorridoEm);
    });
    return {
      stream: 'AUTH',
      durable: `${service}-sessoes`,
      filter: 'auth.v1.>',
      on: [atualizado, removido, encerrada],
    };
  }
}

const isOver = (em: Date) => em.getTime() < Date.now() - KEPT_MS;

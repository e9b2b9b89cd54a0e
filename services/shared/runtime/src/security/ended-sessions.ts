import { Code } from '@connectrpc/connect';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { DataSource } from 'typeorm';
import { rpcError } from '../errors/errors.ts';
import type { ConsumeOptions } from '../events/consumer/event-consumer.ts';
import { on } from '../events/event-message.ts';
import { autocommit, type Sql } from '../postgres/transaction.ts';
import type { Principal } from '../rpc/principal.ts';
import { MAX_TOKEN_SECONDS } from './jwt.ts';

/** Knows whose tokens are void before they expire. */
export interface EndedSessions {
  /** Whether the account was suspended or removed, or lost its roles, after this token was issued. */
  ended(principal: Principal): Promise<boolean>;
}

/** Beyond every generation an account can reach. */
const ALL_GENERATIONS = 2 ** 31 - 1;
/** Later no token of an ended session is alive, however late auth's event came. Twice over, as clocks differ. */
const KEPT_MS = 2 * MAX_TOKEN_SECONDS * 1_000;

const ENDED = 'select 1 from sessoes_encerradas where usuario_id = $1 and geracao > $2';

/** Events may come twice or out of order: the highest generation stands. */
const NOTE = `
  insert into sessoes_encerradas as s (usuario_id, geracao, em) values ($1, $2, $3)
  on conflict (usuario_id) do update
    set geracao = greatest(s.geracao, excluded.geracao), em = greatest(s.em, excluded.em)`;

const FORGET = 'delete from sessoes_encerradas where em < $1';

/**
 * What this service has heard from auth, in its own database (table `sessoes_encerradas`): every replica sees it at once,
 * and a call that makes something lasting needs that database anyway, so there is no outage of its own to decide about.
 * While the events do not arrive, a token is good for what is left of its ten minutes.
 */
export class PostgresEndedSessions implements EndedSessions {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = autocommit(dataSource);
  }

  async ended({ id, geracao }: Principal): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(ENDED, [id, geracao]);
    return rows.length > 0;
  }

  /** Listens to auth on behalf of the service. */
  consumer(service: string): ConsumeOptions {
    const atualizado = on(UsuarioAtualizadoSchema, ({ usuarioId, geracaoSessoes }, { ocorridoEm }) =>
      this.#note(usuarioId, geracaoSessoes, ocorridoEm),
    );
    const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
      this.#note(usuarioId, ALL_GENERATIONS, ocorridoEm),
    );
    return { stream: 'AUTH', durable: `${service}-sessoes`, filter: 'auth.v1.>', on: [atualizado, removido] };
  }

  /** The first generation ends nothing. */
  async #note(usuarioId: string, geracao: number, em: Date): Promise<void> {
    const oldest = new Date(Date.now() - KEPT_MS);
    if (geracao > 1) await this.#sql.query(NOTE, [usuarioId, geracao, em]);
    await this.#sql.query(FORGET, [oldest]);
  }
}

/** UNAUTHENTICATED / `TOKEN_INVALIDO`: the caller has to log in again. */
export function sessionEnded() {
  return rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', 'Sua sessão terminou. Entre novamente.');
}

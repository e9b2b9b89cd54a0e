import { SessaoEncerradaSchema, UsuarioAtualizadoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { KEPT_MS } from '@plataforma/runtime/ended-sessions';
import { storeEndedAccount, storeEndedSession } from '@plataforma/runtime/ended-sessions-table';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import type { Sql } from '@plataforma/runtime/transaction';
import { TRAVAR_PESSOA, TRAVAR_SESSAO } from './dispositivos-repository.ts';

/** Runs work in one transaction. */
type Transacional = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;

const END_EARLIER = 'delete from dispositivos_push where cliente_id = $1 and geracao < $2';
const END_ALL = 'delete from dispositivos_push where cliente_id = $1';
const END_OF_SESSION = 'delete from dispositivos_push where sessao_id = $1';

/**
 * A device ends with the session that registered it: whoever had copied a token keeps no window into somebody's messages, and a
 * shared computer shows none to the next person. The end is noted here as well as by who listens for all calls, and under a lock:
 * a registration that is under way is waited for, and one that comes next finds the note.
 */
export function sessoesConsumer(run: Transacional): ConsumeOptions {
  const atualizado = on(UsuarioAtualizadoSchema, ({ usuarioId, ativo, geracaoSessoes }, { ocorridoEm }) =>
    run(async (sql) => {
      await sql.query(TRAVAR_PESSOA, [usuarioId]);
      if (geracaoSessoes > 1 && concerns(ocorridoEm))
        await storeEndedAccount(sql, usuarioId, geracaoSessoes, ocorridoEm);
      if (ativo) await sql.query(END_EARLIER, [usuarioId, geracaoSessoes]);
      else await sql.query(END_ALL, [usuarioId]);
    }),
  );
  const encerrada = on(SessaoEncerradaSchema, ({ sessaoId }, { ocorridoEm }) =>
    run(async (sql) => {
      await sql.query(TRAVAR_SESSAO, [sessaoId]);
      if (concerns(ocorridoEm)) await storeEndedSession(sql, sessaoId, ocorridoEm);
      await sql.query(END_OF_SESSION, [sessaoId]);
    }),
  );
  return {
    stream: 'AUTH',
    durable: 'notificacoes-dispositivos',
    filter: 'auth.v1.>',
    on: [atualizado, encerrada],
  };
}

/** Tokens from before have expired. */
const concerns = (em: Date) => em.getTime() >= Date.now() - KEPT_MS;

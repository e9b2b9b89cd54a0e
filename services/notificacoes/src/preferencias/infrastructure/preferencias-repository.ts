import type { Sql } from '@plataforma/runtime/transaction';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type { PreferenciasGuardadas, PreferenciasRepository } from '../application/ports.ts';
import type { Preferencias } from '../domain/preferencias.ts';

const OF_ONE = `
  select email, sms, push, lembretes, telefone, atualizadas_em as "atualizadasEm"
  from preferencias where cliente_id = $1`;

/** The account may be gone while a token of it still lives: nothing of the person is written down again. */
const SAVE = `
  insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
  select $1, $2, $3, $4, $5, $6, $7
  where not exists (select 1 from contatos where usuario_id = $1 and removido_em is not null)
  on conflict (cliente_id) do update
    set email = excluded.email, sms = excluded.sms, push = excluded.push, lembretes = excluded.lembretes,
      telefone = excluded.telefone, atualizadas_em = excluded.atualizadas_em`;

/** Preferences in PostgreSQL. The last one to write wins. */
export class PostgresPreferenciasRepository implements PreferenciasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findById(clienteId: string): Promise<PreferenciasGuardadas | undefined> {
    const [linha]: PreferenciasGuardadas[] = await this.#sql.query(OF_ONE, [clienteId]);
    return linha;
  }

  async save(clienteId: string, preferencias: Preferencias, em: Date): Promise<void> {
    const { email, sms, push, lembretes, telefone } = preferencias;
    // A removal under way is waited for, and one that comes next finds what this has written.
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(SAVE, [clienteId, email, sms, push, lembretes, telefone, em]);
  }

  async apagar(clienteId: string): Promise<number> {
    const apagar = 'delete from preferencias where cliente_id = $1';
    const [, apagadas]: [unknown[], number] = await this.#sql.query(apagar, [clienteId]);
    return apagadas;
  }
}

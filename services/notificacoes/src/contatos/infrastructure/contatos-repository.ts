import type { Sql } from '@plataforma/runtime/transaction';
import type { ContatoApagado, ContatosRepository, VersaoDeContato } from '../application/ports.ts';

const SAVE = `
  insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado) values ($1, $2, $3, $4, $5, $6)
  on conflict (usuario_id) do update
    set nome = excluded.nome, email = excluded.email, versao = excluded.versao, atualizado_em = excluded.atualizado_em,
      email_verificado = excluded.email_verificado or contatos.email_verificado and contatos.email = excluded.email
    where contatos.versao < excluded.versao and contatos.removido_em is null`;

const VERIFIED = `
  select email_verificado or removido_em is not null as verificado from contatos where usuario_id = $1`;

const KNOWN = `
  select email, email_verificado as verificado, versao from contatos where usuario_id = $1 and removido_em is null`;

/** The row stays, without data: an older event that comes later must not bring the person back. */
const ERASE = `
  insert into contatos (usuario_id, versao, atualizado_em, removido_em) values ($1, 0, $2, $2)
  on conflict (usuario_id) do update
    set nome = null, email = null, atualizado_em = excluded.atualizado_em, removido_em = excluded.removido_em
    where contatos.removido_em is null`;

/** Against transactions that write messages to this person: a row that is not there yet cannot be locked. */
const TRAVAR_CONTATO = `select pg_advisory_xact_lock(hashtextextended('contato:' || $1, 0))`;

/** Contacts in PostgreSQL. The version decides, so events may come twice and in any order without an inbox. */
export class PostgresContatosRepository implements ContatosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async save({ usuarioId, nome, email, versao, verificado }: VersaoDeContato, em: Date): Promise<boolean> {
    await this.#sql.query(TRAVAR_CONTATO, [usuarioId]);
    await this.#sql.query(SAVE, [usuarioId, nome, email, versao, em, verificado]);
    const [linha]: Array<{ verificado: boolean }> = await this.#sql.query(VERIFIED, [usuarioId]);
    return linha?.verificado === true;
  }

  async apagar(usuarioId: string, em: Date): Promise<ContatoApagado | undefined> {
    await this.#sql.query(TRAVAR_CONTATO, [usuarioId]);
    const [conhecido]: ContatoApagado[] = await this.#sql.query(KNOWN, [usuarioId]);
    await this.#sql.query(ERASE, [usuarioId, em]);
    return conhecido;
  }
}

import type { Sql } from '@plataforma/runtime/transaction';
import { TRAVAR_CONTATO } from '../../mensagens/infrastructure/fila.ts';
import type { PreferenciasGuardadas, PreferenciasRepository } from '../application/ports.ts';
import type { Autor, Mudanca } from '../domain/mudanca.ts';
import type { Preferencias } from '../domain/preferencias.ts';
import { silencioDe } from './silencio-sql.ts';

const OF_ONE = `
  select email, sms, push, lembretes, telefone, desligadas, idioma, ${silencioDe('p')} as silencio,
    atualizadas_em as "atualizadoEm"
  from preferencias p where cliente_id = $1`;

/** Whoever has them, and a new start of the queue, looks at the quiet hours again. */
const WAKE = `
  update notificacoes set disponivel_em = $2, silencio_ate = null
  where cliente_id = $1 and status = 'PENDENTE' and posse is null and silencio_ate > $2`;

/** A row that is not there yet cannot be locked. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('preferencias:' || $1, 0))`;

const NOT_GONE = 'not exists (select 1 from contatos where usuario_id = $1 and removido_em is not null)';

/** The account may be gone while a token of it still lives: nothing of the person is written down again. */
const SAVE = `
  insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em, desligadas, idioma,
    silencio_inicio, silencio_fim, silencio_fuso, silencio_email)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
  where ${NOT_GONE}
  on conflict (cliente_id) do update
    set email = excluded.email, sms = excluded.sms, push = excluded.push, lembretes = excluded.lembretes,
      telefone = excluded.telefone, atualizadas_em = excluded.atualizadas_em, desligadas = excluded.desligadas,
      idioma = excluded.idioma, silencio_inicio = excluded.silencio_inicio, silencio_fim = excluded.silencio_fim,
      silencio_fuso = excluded.silencio_fuso, silencio_email = excluded.silencio_email`;

const NOTE = `
  insert into mudancas_de_preferencia (cliente_id, em, por, campo, valor)
  select $1, $2, $3, campo, valor from unnest($4::text[], $5::text[]) as mudou (campo, valor)
  where ${NOT_GONE}`;

const LAST = `
  select por from mudancas_de_preferencia where cliente_id = $1 and campo = $2
  order by mudancas_de_preferencia.id desc limit 1`;

/** Preferences in PostgreSQL. */
export class PostgresPreferenciasRepository implements PreferenciasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async findById(clienteId: string): Promise<PreferenciasGuardadas | undefined> {
    const [linha]: PreferenciasGuardadas[] = await this.#sql.query(OF_ONE, [clienteId]);
    return linha;
  }

  async abrir(clienteId: string): Promise<PreferenciasGuardadas | undefined> {
    // A removal under way is waited for, and one that comes next finds what this will write.
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(LOCK, [clienteId]);
    return this.findById(clienteId);
  }

  async save(clienteId: string, preferencias: Preferencias, em: Date): Promise<void> {
    const { email, sms, push, lembretes, telefone, desligadas, idioma, silencio } = preferencias;
    const horas = [silencio?.inicio ?? null, silencio?.fim ?? null, silencio?.fuso ?? null];
    const escolhas = [email, sms, push, lembretes, telefone, em, desligadas, idioma];
    const valores = [...escolhas, ...horas, silencio?.email ?? false];
    await this.#sql.query(TRAVAR_CONTATO, [clienteId]);
    await this.#sql.query(SAVE, [clienteId, ...valores]);
  }

  async anotar(
    clienteId: string,
    mudancas: readonly Mudanca[],
    { por, em }: { por: Autor; em: Date },
  ): Promise<void> {
    if (mudancas.length === 0) return;
    const campos = mudancas.map(({ campo }) => campo);
    const valores = mudancas.map(({ valor }) => valor);
    await this.#sql.query(NOTE, [clienteId, em, por, campos, valores]);
  }

  async ultimoAutor(clienteId: string, campo: string): Promise<Autor | undefined> {
    const [linha]: Array<{ por: Autor }> = await this.#sql.query(LAST, [clienteId, campo]);
    return linha?.por;
  }

  async acordar(clienteId: string, agora: Date): Promise<void> {
    await this.#sql.query(WAKE, [clienteId, agora]);
  }

  async apagar(clienteId: string): Promise<number> {
    await this.#sql.query('delete from mudancas_de_preferencia where cliente_id = $1', [clienteId]);
    const apagar = 'delete from preferencias where cliente_id = $1';
    const [, apagadas]: [unknown[], number] = await this.#sql.query(apagar, [clienteId]);
    return apagadas;
  }
}

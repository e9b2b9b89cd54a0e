import type { Sql } from '@plataforma/runtime/transaction';
import { mascararEmail } from '../../canais/domain/mascara.ts';
import type { Novidades, ResumosDeDevolucoes } from '../application/ports.ts';

const WRITTEN = 'select 1 from resumos_de_devolucoes where dia >= $1::date limit 1';

/** A copy of the service that is about to write the same one is waited for. */
const TAKE = `
  insert into resumos_de_devolucoes (dia, ate) values ($1::date, $2) on conflict (dia) do nothing returning dia`;

const FORGET = 'delete from resumos_de_devolucoes where dia < $1::date - 30';

/** Of days after this one there are none. */
const SINCE = 'select max(ate) as desde from resumos_de_devolucoes where dia < $1::date';

/** When it was marked: by an older release, when it happened. */
const MARCADO = 'coalesce(devolve_marcado_em, devolve_desde)';

const COUNTS = `
  select count(*)::int as total,
    count(*) filter (where ${MARCADO} > coalesce($1::timestamptz, '-infinity') and ${MARCADO} <= $2)::int as novos
  from contatos where devolve_desde is not null`;

/** As long as what was told is kept, which is a week. */
const COMPLAINTS = `
  select count(*)::int as reclamacoes from retornos
  where situacao = 'RECLAMADA' and recebido_em > coalesce($1::timestamptz, '-infinity') and recebido_em <= $2`;

const LATEST = `
  select usuario_id as "clienteId", email, devolve_motivo as motivo from contatos
  where devolve_desde is not null
    and ${MARCADO} > coalesce($1::timestamptz, '-infinity') and ${MARCADO} <= $2
  order by devolve_desde desc, usuario_id desc
  limit $3`;

/** What administrators were told of addresses, in PostgreSQL: a row a day, for a month. */
export class PostgresResumosDeDevolucoes implements ResumosDeDevolucoes {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async escrito(dia: string): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(WRITTEN, [dia]);
    return linhas.length > 0;
  }

  async abrir(dia: string, ate: Date): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(TAKE, [dia, ate]);
    if (linhas.length === 0) return false;
    await this.#sql.query(FORGET, [dia]);
    return true;
  }

  async novidades(dia: string, ate: Date, maximo: number): Promise<Novidades> {
    const [{ desde } = { desde: null }]: Array<{ desde: Date | null }> = await this.#sql.query(SINCE, [dia]);
    const [contagem]: [Pick<Novidades, 'novos' | 'total'>] = await this.#sql.query(COUNTS, [desde, ate]);
    if (contagem.novos === 0) return { ...contagem, reclamacoes: 0, contatos: [] };
    const [queixas]: [Pick<Novidades, 'reclamacoes'>] = await this.#sql.query(COMPLAINTS, [desde, ate]);
    const linhas: Array<{ clienteId: string; email: string; motivo: string }> = await this.#sql.query(
      LATEST,
      [desde, ate, maximo],
    );
    const contatos = linhas.map(({ email, ...linha }) => ({ ...linha, destino: mascararEmail(email) }));
    return { ...contagem, ...queixas, contatos };
  }
}

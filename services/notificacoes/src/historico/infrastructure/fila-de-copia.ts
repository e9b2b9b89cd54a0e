import { DEAD_AFTER, keptError, type PutOff, type QueueState } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type { FilaDeCopia, Recusado, RegistroLido } from '../application/ports.ts';
import { REGISTRO } from './consulta-de-historico.ts';

const DUE = `
  select ${REGISTRO}
  from historico_a_copiar c join historico_notificacoes h using (notificacao_id, sequencia)
  where c.tentar_em <= now()
  order by c.tentar_em, c.notificacao_id, c.sequencia
  limit $1`;

const DONE = `
  delete from historico_a_copiar c using unnest($1::text[], $2::int[]) as feito (notificacao_id, sequencia)
  where c.notificacao_id = feito.notificacao_id and c.sequencia = feito.sequencia`;

/** Five seconds after the first refusal, twice as long after each, an hour at most. */
const PUT_OFF = `
  update historico_a_copiar
  set falhas = falhas + 1, erro = $3,
    tentar_em = now() + least(interval '1 hour', interval '5 seconds' * 2 ^ least(falhas, 12))
  where notificacao_id = $1 and sequencia = $2
  returning falhas`;

const ENTER = `
  insert into historico_a_copiar (notificacao_id, sequencia) values ($1, $2)
  on conflict (notificacao_id, sequencia) do nothing`;

const STATE = `
  select min(desde) filter (where tentar_em <= now()) as "dueSince", count(*)::int as total,
    count(*) filter (where falhas > 0)::int as "putOff", count(*) filter (where falhas >= ${DEAD_AFTER})::int as dead
  from historico_a_copiar`;

/** What was there before has been brought, by `history:migrate`, and what came later waits for no longer than a copy may take. */
const UP_TO_DATE = `
  select exists (select from historico_migracao where concluida_em is not null)
    and not exists (select from historico_a_copiar where desde < now() - interval '10 seconds') as "emDia"`;

/** What operators see of the copy: `total` counts also what is put off. */
export interface SituacaoDaCopia extends QueueState {
  readonly total: number;
}

/**
 * The records that wait to be copied, in PostgreSQL. Nothing is locked while they are on their way: copies of the service
 * that copy the same ones do it twice, which the archive does not mind.
 */
export class PostgresFilaDeCopia implements FilaDeCopia {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  devidos(limite: number): Promise<RegistroLido[]> {
    return this.#sql.query(DUE, [limite]);
  }

  async copiados(registros: readonly RegistroLido[]): Promise<void> {
    if (registros.length === 0) return;
    const chaves = [registros.map((um) => um.notificacaoId), registros.map((um) => um.sequencia)];
    await this.#sql.query(DONE, chaves);
  }

  async adiar({ registro: { notificacaoId, sequencia }, erro }: Recusado): Promise<PutOff> {
    const [linhas]: [Array<{ falhas: number }>, number] = await this.#sql.query(PUT_OFF, [
      notificacaoId,
      sequencia,
      keptError(erro),
    ]);
    return { item: `${notificacaoId}/${sequencia}`, failures: linhas[0]?.falhas ?? 1 };
  }

  async incluir(recusado: Recusado): Promise<void> {
    await this.#sql.query(ENTER, [recusado.registro.notificacaoId, recusado.registro.sequencia]);
    await this.adiar(recusado);
  }

  /** Whether the archive has all but what happened within the last seconds. */
  async emDia(): Promise<boolean> {
    const [{ emDia } = { emDia: false }]: Array<{ emDia: boolean }> = await this.#sql.query(UP_TO_DATE);
    return emDia;
  }

  async situacao(): Promise<SituacaoDaCopia> {
    const [situacao]: [SituacaoDaCopia & { dueSince: Date | null }] = await this.#sql.query(STATE);
    return { ...situacao, dueSince: situacao.dueSince ?? undefined };
  }
}

import { DEAD_AFTER, keptError, type QueueState } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Trabalho, TrabalhosAdiados } from '../domain/trabalhos-adiados.ts';

/** Five seconds after the first failure, twice as long after each, an hour at most. */
const ADIAR = `
  insert into trabalhos_adiados as t (trabalho, item_id, falhas, tentar_em, erro)
  values ($1, $2, 1, $4::timestamptz + interval '5 seconds', $3)
  on conflict (item_id, trabalho) do update
  set falhas = t.falhas + 1, erro = excluded.erro,
    tentar_em = $4::timestamptz + least(interval '1 hour', interval '5 seconds' * 2 ^ least(t.falhas, 12))
  returning falhas`;

const CONCLUIR = 'delete from trabalhos_adiados where item_id = any($1) and trabalho = $2';

/** Whether the thing is left alone for now: `item` is its column, `agora` the parameter with the time. */
export function adiado(trabalho: Trabalho, item: string, agora: string, falhas = 1): string {
  return `exists (
    select from trabalhos_adiados a
    where a.item_id = ${item} and a.trabalho = '${trabalho}' and a.tentar_em > ${agora} and a.falhas >= ${falhas})`;
}

export class PostgresTrabalhosAdiados implements TrabalhosAdiados {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async adiar(trabalho: Trabalho, itemId: string, erro: unknown, agora: Date): Promise<number> {
    const [row]: { falhas: number }[] = await this.#sql.query(ADIAR, [
      trabalho,
      itemId,
      keptError(erro),
      agora,
    ]);
    return row?.falhas ?? 1;
  }

  async concluir(trabalho: Trabalho, itemIds: readonly string[]): Promise<void> {
    if (itemIds.length > 0) await this.#sql.query(CONCLUIR, [itemIds, trabalho]);
  }
}

/**
 * How much of this work has failed and is tried again, and what of it is dead. What was settled otherwise meanwhile, such as
 * a hold that was paid, is no work any more, though it stays in the table until it is purged.
 *
 * @param devidos of each kind a scalar query that answers true while `a.item_id` is still due at $1
 */
export async function contarAdiados(
  dataSource: DataSource,
  devidos: Readonly<Partial<Record<Trabalho, string>>>,
  agora: Date,
): Promise<Omit<QueueState, 'dueSince'>> {
  const casos = Object.entries(devidos).map(([trabalho, devido]) => `when '${trabalho}' then (${devido})`);
  const [contagem]: [{ putOff: number; dead: number }] = await dataSource.query(
    `select count(*)::int as "putOff", count(*) filter (where falhas >= ${DEAD_AFTER})::int as dead
     from trabalhos_adiados a where case a.trabalho ${casos.join(' ')} end`,
    [agora],
  );
  return contagem;
}

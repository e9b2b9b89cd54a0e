import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Sql } from '@plataforma/runtime/transaction';
import type { BonusRepository } from '../domain/bonus-repository.ts';

/** One statement reads the cap, adds and compares, under the lock of the row: calls beside each other do not pass the cap. */
const CONCEDER = `
  insert into bonus_de_gestores as dado (espaco_id, mes, concedido_centavos, teto_centavos)
  select id, $2, $3, bonus_mensal_centavos from espacos where id = $1 and bonus_mensal_centavos >= $3
  on conflict (espaco_id, mes) do update
    set concedido_centavos = dado.concedido_centavos + excluded.concedido_centavos,
        teto_centavos = excluded.teto_centavos
    where dado.concedido_centavos + excluded.concedido_centavos <= excluded.teto_centavos
  returning true as concedido`;

const RESTA = `
  select bonus_mensal_centavos as teto,
    greatest(0, bonus_mensal_centavos - coalesce(concedido_centavos, 0)) as resta
  from espacos left join bonus_de_gestores on espaco_id = id and mes = $2 where id = $1`;

export class PostgresBonusRepository implements BonusRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async conceder(espacoId: string, mes: string, { centavos }: Dinheiro): Promise<boolean> {
    const rows: unknown[] = await this.#sql.query(CONCEDER, [espacoId, mes, centavos]);
    return rows.length > 0;
  }

  async saldo(espacoId: string, mes: string): Promise<{ readonly teto: Dinheiro; readonly resta: Dinheiro }> {
    const [row]: { teto: string; resta: string }[] = await this.#sql.query(RESTA, [espacoId, mes]);
    const { teto, resta } = row ?? { teto: 0, resta: 0 };
    return { teto: Dinheiro.deCentavos(BigInt(teto)), resta: Dinheiro.deCentavos(BigInt(resta)) };
  }
}

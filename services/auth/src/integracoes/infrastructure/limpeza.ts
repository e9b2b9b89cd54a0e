import type { Work } from '@plataforma/domain/work-queue';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

/** Their owner has had time to see what has become of them; what they did is among the security events. */
const ESQUECER = `
  delete from chaves_api where id in (
    select id from chaves_api where least(expira_em, revogado_em) < now() - interval '30 days'
    order by least(expira_em, revogado_em) limit $1 for update skip locked)`;

/** Forgets keys that ended a month ago, oldest first. */
export function limpezaDeChaves(dataSource: DataSource): Work {
  const sql = autocommit(dataSource);
  return async (limit) => {
    const [, esquecidas]: [unknown[], number] = await sql.query(ESQUECER, [limit]);
    return esquecidas;
  };
}

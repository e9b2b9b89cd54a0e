import type { Work } from '@plataforma/domain/work-queue';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

/** As long as a session lives at most, whatever has become of its copies in Redis. */
const ESQUECER = `
  delete from sessoes_terminadas where sessao_id in (
    select sessao_id from sessoes_terminadas where em < now() - interval '90 days'
    order by em limit $1 for update skip locked)`;

/** Forgets sessions that would be over by now if nobody had ended them, oldest first. */
export function limpezaDeSessoes(dataSource: DataSource): Work {
  const sql = autocommit(dataSource);
  return async (limit) => {
    const [, esquecidas]: [unknown[], number] = await sql.query(ESQUECER, [limit]);
    return esquecidas;
  };
}

import type { Work } from '@plataforma/domain/work-queue';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

/** The trigger of the table lets no younger ones go, by the same clock. */
const APAGAR = `
  delete from eventos_seguranca where id in (
    select id from eventos_seguranca where em < now() - interval '365 days'
    order by em limit $1 for update skip locked)`;

/** Deletes security events that have been kept for a year, oldest first. */
export function limpezaDeEventos(dataSource: DataSource): Work {
  const sql = autocommit(dataSource);
  return async (limit) => {
    const [, apagados]: [unknown[], number] = await sql.query(APAGAR, [limit]);
    return apagados;
  };
}

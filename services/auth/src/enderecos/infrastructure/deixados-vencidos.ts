import type { Work } from '@plataforma/domain/work-queue';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

const APAGAR = `
  delete from enderecos_deixados where usuario_id in (
    select usuario_id from enderecos_deixados where vence_em < now()
    order by vence_em limit $1 for update skip locked)`;

/** Deletes addresses that no account may come back to any more. */
export function limpezaDeDeixados(dataSource: DataSource): Work {
  const sql = autocommit(dataSource);
  return async (limit) => {
    const [, apagados]: [unknown[], number] = await sql.query(APAGAR, [limit]);
    return apagados;
  };
}

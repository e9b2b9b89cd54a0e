import type { Work } from '@plataforma/domain/work-queue';
import { inRepeatableTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';

/** Of one person at a time, and once: nothing is recorded of who is gone. The trigger of the table uses the same clock. */
const NEXT = `
  select usuario_id as id from remocoes
  where acessos_apagados_em is null and pedida_em < now() - interval '6 months'
  order by pedida_em limit 1 for update skip locked`;

/** What administrators have done to the account is theirs, with where they did it from. */
const FORGET = `
  update eventos_seguranca set endereco = '', dispositivo = '', requisicao = '', minuto = null
  where (autor_id = $1 or (usuario_id = $1 and autor_id is null))
    and (endereco <> '' or dispositivo <> '' or requisicao <> '')`;

const DONE = 'update remocoes set acessos_apagados_em = now() where usuario_id = $1';

/** Takes address and device out of the security events of people who have been gone for six months. */
export function limpezaDeAcessos(dataSource: DataSource): Work {
  return () =>
    inRepeatableTransaction(dataSource, async (sql) => {
      const [pessoa]: Array<{ id: string }> = await sql.query(NEXT);
      if (!pessoa) return 0;
      await sql.query(FORGET, [pessoa.id]);
      await sql.query(DONE, [pessoa.id]);
      return 1;
    });
}

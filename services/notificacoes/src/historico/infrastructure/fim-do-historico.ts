import type { Sql } from '@plataforma/runtime/transaction';

/** What is still to be copied stays, however old: the copy has to have it first. */
const END = `
  delete from historico_notificacoes where (notificacao_id, sequencia) in (
    select h.notificacao_id, h.sequencia from historico_notificacoes h
    where h.ocorrido_em < $1 and not exists (
      select from historico_a_copiar c
      where c.notificacao_id = h.notificacao_id and c.sequencia = h.sequencia)
    limit $2)`;

const DIA_MS = 86_400_000;

/** Deletes records that were kept long enough, some at a time; how many there were. */
export async function terminarHistorico(
  sql: Sql,
  agora: Date,
  dias: number,
  limite: number,
): Promise<number> {
  const antesDe = new Date(agora.getTime() - dias * DIA_MS);
  const [, quantos]: [unknown, number] = await sql.query(END, [antesDe, limite]);
  return quantos;
}

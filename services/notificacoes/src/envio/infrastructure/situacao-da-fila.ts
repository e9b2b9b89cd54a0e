import type { QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { CONHECIDO, PRONTA } from './lease-sql.ts';

/** A message that was given up is of use to its addressee for so long at most. */
const MORTA_DURANTE = `interval '7 days'`;

const SITUACAO = `
  with devida as (
    select n.disponivel_em from notificacoes n join contatos c on c.usuario_id = n.cliente_id
    where n.canal = $2 and ${PRONTA} and ${CONHECIDO} order by n.disponivel_em limit 1
  ), adiadas as (
    select count(*)::int as total from notificacoes n
    where n.canal = $2 and n.status = 'PENDENTE' and not n.retida and n.recusas + n.adiamentos > 0
  ), mortas as (
    select count(*)::int as total from notificacoes n
    where n.canal = $2 and n.status = 'FALHOU' and n.criada_em > $1::timestamptz - ${MORTA_DURANTE}
  )
  select (select disponivel_em from devida) as "dueSince", adiadas.total as "putOff", mortas.total as dead
  from adiadas, mortas`;

/** What operators see of the messages of a channel that are due. */
export async function situacaoDaFila(dataSource: DataSource, canal: Canal, agora: Date): Promise<QueueState> {
  const [situacao]: [{ dueSince: Date | null; putOff: number; dead: number }] = await dataSource.query(
    SITUACAO,
    [agora, canal],
  );
  return { ...situacao, dueSince: situacao.dueSince ?? undefined };
}

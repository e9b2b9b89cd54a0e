import type { Sql } from '@plataforma/runtime/transaction';
import { AGUARDA_SQL, OCUPA_SQL } from '../../agenda/infrastructure/ocupantes-sql.ts';
import { REMOVIDO } from '../../contas/infrastructure/trava-do-cliente.ts';
import type { Compromissos } from '../../espacos/domain/limites-de-pendentes.ts';
import { periodoFromRow } from '../../tempo/infrastructure/periodo-row.ts';
import { OFERTANTE } from '../domain/aceite.ts';
import type { PerguntaDeCompromissos } from '../domain/repositories.ts';

const feitaPor = (quem: string) => `coalesce(criada_por, cliente_id) = any(${quem})`;

const PENDENTE = `${AGUARDA_SQL} and ${feitaPor('$3')}`;

/** In one look at what the customer has: what waits for its payment is a part of what occupies. */
const ATIVAS = `
  select count(*) filter (where data_fim > $2 and (status = 'CONFIRMADA' or ${feitaPor('$3')}))::int as ativas,
    count(*) filter (where ${PENDENTE})::int as reservas,
    min(expira_em) filter (where ${PENDENTE}) as ate_quando,
    coalesce(sum(extract(epoch from data_fim - data_inicio)) filter (where ${PENDENTE}) / 60, 0)::int as minutos,
    ${REMOVIDO} as removido
  from reservas where cliente_id = $1 and ${OCUPA_SQL}`;

/**
 * No hold lives, and no period lasts, for more than a day: indexes by customer or space find the few that may count. What
 * somebody else has cancelled its customer has not let go.
 */
const LARGADOS = `
  select data_inicio, data_fim, coalesce(cancelada_em, atualizada_em) as em from reservas
  where cliente_id = $1 and ${feitaPor('$6')} and espaco_id = $2
    and data_inicio > $3::timestamptz - interval '1 day' and data_inicio < $4 and data_fim > $3
    and status in ('CANCELADA', 'EXPIRADA') and confirmada_em is null
    and criada_em > $5::timestamptz - interval '2 days'
    and coalesce(cancelada_em, atualizada_em) > $5::timestamptz - make_interval(mins =>
      (select pendentes_resfriamento_minutos from espacos where id = $2))
    and not exists (
      select from reservas_historico h
      where h.reserva_id = reservas.id and h.evento = 'ReservaCancelada' and h.quem <> $1)
  order by em desc limit 500`;

interface AtivasRow {
  readonly ativas: number;
  readonly reservas: number;
  readonly minutos: number;
  readonly removido: boolean;
  readonly ate_quando: Date | null;
}

interface LargadoRow {
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly em: Date;
}

/** What a customer has at a time; both statements travel together. */
export async function lerCompromissos(
  sql: Sql,
  { clienteId, espacoId, entre: { inicio, fim }, agora, comOfertas }: PerguntaDeCompromissos,
): Promise<Compromissos> {
  const feitasPor = comOfertas ? [clienteId, OFERTANTE] : [clienteId];
  const [[total], largados] = await Promise.all([
    sql.query<AtivasRow[]>(ATIVAS, [clienteId, agora, feitasPor]),
    sql.query<LargadoRow[]>(LARGADOS, [clienteId, espacoId, inicio, fim, agora, feitasPor]),
  ]);
  return {
    ativas: total?.ativas ?? 0,
    removido: total?.removido === true,
    pendentes: {
      reservas: total?.reservas ?? 0,
      minutos: total?.minutos ?? 0,
      ateQuando: total?.ate_quando ?? undefined,
      largados: largados.map((row) => ({ periodo: periodoFromRow(row), em: row.em })),
    },
  };
}

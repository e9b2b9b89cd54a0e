import type { Sql } from '@plataforma/runtime/transaction';
import type { Pendentes } from '../../domain/limites-de-pendentes.ts';
import type { PeriodoReserva } from '../../domain/periodo-reserva.ts';
import { AGUARDA_SQL } from './ocupantes-sql.ts';
import { periodoFromRow } from './periodo-row.ts';

const feitas = (por: string) => `cliente_id = $1 and coalesce(criada_por, cliente_id) = any(${por})`;

const PENDENTES = `
  select count(*)::int as reservas, min(expira_em) as ate_quando,
    coalesce(sum(extract(epoch from data_fim - data_inicio)) / 60, 0)::int as minutos
  from reservas where ${feitas('$2')} and ${AGUARDA_SQL}`;

/**
 * A hold lives for less than a day: what was made long before cannot have ended lately, so its index is enough. What
 * somebody else has cancelled its customer has not let go.
 */
const LARGADOS = `
  select data_inicio, data_fim, coalesce(cancelada_em, atualizada_em) as em from reservas
  where ${feitas('$6')} and espaco_id = $2 and data_inicio < $4 and data_fim > $3
    and status in ('CANCELADA', 'EXPIRADA') and confirmada_em is null
    and criada_em > $5::timestamptz - interval '2 days'
    and coalesce(cancelada_em, atualizada_em) > $5::timestamptz - make_interval(mins =>
      (select pendentes_resfriamento_minutos from espacos where id = $2))
    and not exists (
      select from reservas_historico h
      where h.reserva_id = reservas.id and h.evento = 'ReservaCancelada' and h.quem <> $1)
  order by em desc limit 500`;

interface LargadoRow {
  readonly data_inicio: Date;
  readonly data_fim: Date;
  readonly em: Date;
}

interface Pergunta {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly entre: PeriodoReserva;
  readonly agora: Date;
  /** Of whose making the holds are that count. */
  readonly feitasPor: readonly string[];
}

/** What a customer holds unpaid, and what of a space they let go between two instants. */
export async function lerPendentes(
  sql: Sql,
  { clienteId, espacoId, entre: { inicio, fim }, agora, feitasPor }: Pergunta,
): Promise<Pendentes> {
  const [[total], largados] = await Promise.all([
    sql.query<{ reservas: number; minutos: number; ate_quando: Date | null }[]>(PENDENTES, [
      clienteId,
      feitasPor,
    ]),
    sql.query<LargadoRow[]>(LARGADOS, [clienteId, espacoId, inicio, fim, agora, feitasPor]),
  ]);
  return {
    reservas: total?.reservas ?? 0,
    minutos: total?.minutos ?? 0,
    ateQuando: total?.ate_quando ?? undefined,
    largados: largados.map((row) => ({ periodo: periodoFromRow(row), em: row.em })),
  };
}

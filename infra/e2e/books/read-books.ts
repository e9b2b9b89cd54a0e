import type { Books, LedgerLine, ReservaBook, Sources, StripeLine, Total } from './books.ts';
import { readCreditos } from './read-creditos.ts';
import { readFilas } from './read-filas.ts';
import { readPagamentos } from './read-pagamentos.ts';
import { readSeries } from './read-series.ts';

type ReservaRow = Pick<
  ReservaBook,
  | 'id'
  | 'status'
  | 'valor'
  | 'pagamentoId'
  | 'confirmada'
  | 'desistencia'
  | 'reembolso'
  | 'confirmacoes'
  | 'clienteId'
  | 'espacoId'
  | 'inicio'
  | 'fim'
  | 'confirmadoEm'
  | 'canceladoEm'
  | 'expirou'
  | 'ofertas'
> & { readonly percentual: number; readonly excecao: string | null; readonly prometido: number };

const RESERVAS = `
  with anuncios as (
    select agregado_id, assunto, count(*)::int as vezes, bool_or(payload ? 'desistencia') as desistencia
    from outbox where agregado_id = any ($1) group by agregado_id, assunto),
  ofertas_da_fila as (
    select f.reserva_id, count(*)::int as vezes
    from fila_espera f join outbox o on o.agregado_id = f.id and o.assunto = 'reservas.v1.VagaOferecida'
    where f.reserva_id = any ($1) group by f.reserva_id)
  select id, status, valor_centavos::int as valor, pagamento_id as "pagamentoId", cliente_id as "clienteId",
    espaco_id as "espacoId", data_inicio as inicio, data_fim as fim, confirmada_em as "confirmadoEm",
    cancelada_em as "canceladoEm", confirmada_em is not null as confirmada,
    exists (select from anuncios where agregado_id = r.id and desistencia) as desistencia,
    exists (select from anuncios where agregado_id = r.id and assunto = 'reservas.v1.ReservaExpirada') as expirou,
    coalesce((select vezes from anuncios where agregado_id = r.id and assunto = 'reservas.v1.ReservaConfirmada'), 0)
      as confirmacoes,
    coalesce((select vezes from anuncios where agregado_id = r.id and assunto = 'reservas.v1.ReservaOferecida'), 0)
      + coalesce((select vezes from ofertas_da_fila where reserva_id = r.id), 0) as ofertas,
    coalesce(reembolso_centavos, 0)::int as reembolso, coalesce(bonus_centavos, 0)::int as prometido,
    excecao_cancelamento as excecao, coalesce((politica->>'bonusPercentual')::int, 0) as percentual
  from reservas r where id = any ($1) order by id`;

interface NotaRow {
  readonly id: string;
  readonly reservaId: string;
  readonly modelo: string;
  readonly status: string;
  /** Those of one group go together, in the message of one of them; null for one that goes alone. */
  readonly grupo: string | null;
}

const NOTIFICACOES = `
  select id, reserva_id as "reservaId", modelo, status, grupo from notificacoes
  where reserva_id = any ($1)
    or grupo in (select grupo from notificacoes where reserva_id = any ($1) and grupo is not null)`;

/** Reads what everybody has on record about these reservations. */
export async function readBooks(sources: Sources, reservaIds: readonly string[]): Promise<Books> {
  const ids = [reservaIds];
  const now = sources.clock?.now() ?? new Date();
  // Stripe last: it is never behind the others, so a difference is one that was there before.
  const [reservas, contasDe, notas, filas, series, creditos] = await Promise.all([
    sources.query<ReservaRow>('reservas', RESERVAS, ids),
    readPagamentos(sources, reservaIds),
    sources.query<NotaRow>('notificacoes', NOTIFICACOES, ids),
    readFilas(sources, reservaIds, now),
    readSeries(sources, reservaIds),
    readCreditos(sources, reservaIds),
  ]);
  const [ledger, arrived] = [await sources.ledger(), count(await sources.emails())];
  const book = ({ percentual, excecao, prometido, ...reserva }: ReservaRow): ReservaBook => {
    const its = ({ metadata }: { metadata: Readonly<Record<string, string>> }) =>
      metadata.reservaId === reserva.id;
    const { concedido, ...contas } = contasDe(reserva.id);
    return {
      ...reserva,
      ...contas,
      ...emailsOf(reserva.id, notas, arrived),
      stripe: ledger.lines.filter(its).map(stripeLine),
      sessoes: ledger.sessions.filter(its).length,
      bonus: { percentual, excecao, prometido, ...concedido },
    };
  };
  const found = new Set(reservas.map(({ id }) => id));
  return {
    reservas: reservas.map(book),
    lost: reservaIds.filter((id) => !found.has(id)),
    ...{ filas, series, creditos, now },
  };
}

/** A message that went together with others came with the one that carries all of them. */
function emailsOf(reservaId: string, notas: readonly NotaRow[], arrived: ReadonlyMap<string, number>) {
  const grupos = new Set(notas.flatMap(({ id, grupo }) => (grupo && arrived.has(id) ? [grupo] : [])));
  const came = ({ id, status, grupo }: NotaRow) =>
    arrived.has(id) || (status === 'ENVIADA' && grupo !== null && grupos.has(grupo));
  const its = notas.filter((nota) => nota.reservaId === reservaId);
  return {
    emails: its.filter(came).map(({ modelo }) => modelo),
    copies: its.reduce((copies, { id }) => copies + Math.max(0, (arrived.get(id) ?? 0) - 1), 0),
    missing: its.filter((nota) => nota.status === 'ENVIADA' && !came(nota)).length,
  };
}

function count(ids: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

const TOTALS = {
  eventos: `
    select coalesce(sum((dados->'valor'->>'centavos')::bigint) filter (where tipo = 'PagamentoAprovado'), 0)::int as capturado,
      coalesce(sum((dados->'valor'->>'centavos')::bigint) filter (where tipo = 'EstornoConcluido' and dados ? 'refundId'), 0)::int
        - coalesce(sum((dados->'valor'->>'centavos')::bigint) filter (where (dados->>'devolvido')::boolean), 0)::int as estornado
    from eventos_pagamento`,
  movimentos: `
    select coalesce(sum(centavos) filter (where tipo = 'CAPTURA'), 0)::int as capturado,
      coalesce(sum(case tipo when 'ESTORNO' then centavos when 'ESTORNO_DEVOLVIDO' then -centavos end), 0)::int as estornado
    from transacoes`,
};

/** Of everything that was ever booked, also what belongs to no reservation that anybody asks about. */
export async function readTotals(sources: Sources) {
  const [[eventos], [movimentos]] = await Promise.all([
    sources.query<Total>('pagamentos', TOTALS.eventos, []),
    sources.query<Total>('pagamentos', TOTALS.movimentos, []),
  ]);
  const { lines } = await sources.ledger();
  const sum = (field: 'captured' | 'refunded') => lines.reduce((total, line) => total + line[field], 0);
  const stripe: Total = { capturado: sum('captured'), estornado: sum('refunded') };
  return { stripe, eventos, movimentos };
}

const stripeLine = ({ captured, refunded, refundPending, disputed }: LedgerLine): StripeLine => ({
  capturado: captured,
  estornado: refunded,
  pendente: refundPending,
  tomado: disputed,
});

import { lerCreditos } from './ler-creditos.ts';
import { lerFilas } from './ler-filas.ts';
import { lerPagamentos } from './ler-pagamentos.ts';
import { lerSeries } from './ler-series.ts';
import type { Fontes, LinhaDoLedger, LinhaDoStripe, LivroDeReserva, Livros, Total } from './livros.ts';

type ReservaRow = Pick<
  LivroDeReserva,
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
  | 'confirmadaEm'
  | 'canceladaEm'
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
    espaco_id as "espacoId", data_inicio as inicio, data_fim as fim, confirmada_em as "confirmadaEm",
    cancelada_em as "canceladaEm", confirmada_em is not null as confirmada,
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
export async function lerLivros(fontes: Fontes, reservaIds: readonly string[]): Promise<Livros> {
  const ids = [reservaIds];
  const agora = fontes.clock?.now() ?? new Date();
  // Stripe last: it is never behind the others, so a difference is one that was there before.
  const [reservas, contasDe, notas, filas, series, creditos] = await Promise.all([
    fontes.query<ReservaRow>('reservas', RESERVAS, ids),
    lerPagamentos(fontes, reservaIds),
    fontes.query<NotaRow>('notificacoes', NOTIFICACOES, ids),
    lerFilas(fontes, reservaIds, agora),
    lerSeries(fontes, reservaIds),
    lerCreditos(fontes, reservaIds),
  ]);
  const [ledger, chegados] = [await fontes.ledger(), contar(await fontes.emails())];
  const livro = ({ percentual, excecao, prometido, ...reserva }: ReservaRow): LivroDeReserva => {
    const dela = ({ metadata }: { metadata: Readonly<Record<string, string>> }) =>
      metadata.reservaId === reserva.id;
    const { concedido, ...contas } = contasDe(reserva.id);
    return {
      ...reserva,
      ...contas,
      ...correioDe(reserva.id, notas, chegados),
      stripe: ledger.lines.filter(dela).map(linhaDoStripe),
      sessoes: ledger.sessions.filter(dela).length,
      bonus: { percentual, excecao, prometido, ...concedido },
    };
  };
  const achadas = new Set(reservas.map(({ id }) => id));
  return {
    reservas: reservas.map(livro),
    perdidas: reservaIds.filter((id) => !achadas.has(id)),
    ...{ filas, series, creditos, agora },
  };
}

/** A message that went together with others came with the one that carries all of them. */
function correioDe(reservaId: string, notas: readonly NotaRow[], chegados: ReadonlyMap<string, number>) {
  const grupos = new Set(notas.flatMap(({ id, grupo }) => (grupo && chegados.has(id) ? [grupo] : [])));
  const veio = ({ id, status, grupo }: NotaRow) =>
    chegados.has(id) || (status === 'ENVIADA' && grupo !== null && grupos.has(grupo));
  const dela = notas.filter((nota) => nota.reservaId === reservaId);
  return {
    emails: dela.filter(veio).map(({ modelo }) => modelo),
    copias: dela.reduce((copias, { id }) => copias + Math.max(0, (chegados.get(id) ?? 0) - 1), 0),
    extraviados: dela.filter((nota) => nota.status === 'ENVIADA' && !veio(nota)).length,
  };
}

function contar(ids: readonly string[]): ReadonlyMap<string, number> {
  const vezes = new Map<string, number>();
  for (const id of ids) vezes.set(id, (vezes.get(id) ?? 0) + 1);
  return vezes;
}

const TOTAIS = {
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
export async function lerTotais(fontes: Fontes) {
  const [[eventos], [movimentos]] = await Promise.all([
    fontes.query<Total>('pagamentos', TOTAIS.eventos, []),
    fontes.query<Total>('pagamentos', TOTAIS.movimentos, []),
  ]);
  const { lines } = await fontes.ledger();
  const soma = (campo: 'captured' | 'refunded') => lines.reduce((total, linha) => total + linha[campo], 0);
  const stripe: Total = { capturado: soma('captured'), estornado: soma('refunded') };
  return { stripe, eventos, movimentos };
}

const linhaDoStripe = ({ captured, refunded, refundPending, disputed }: LinhaDoLedger): LinhaDoStripe => ({
  capturado: captured,
  estornado: refunded,
  pendente: refundPending,
  tomado: disputed,
});

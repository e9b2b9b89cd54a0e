import type { Bonus, Chain, Link, Noticias, Pagamento, Sources } from './books.ts';

/** A stored event of a payment. */
interface EventoRow {
  readonly reservaId: string;
  readonly id: string;
  /** Of the payment, by its own record. */
  readonly versaoDoPagamento: number;
  readonly versao: number;
  readonly esquema: number;
  readonly tipo: string;
  /** JSON as PostgreSQL writes it, which has one text for one value. */
  readonly dados: string;
  readonly meta: string;
  readonly em: string;
  readonly previous: string;
  readonly hash: string;
}

interface Dados {
  readonly numero?: number;
  readonly origem?: string;
  readonly meio?: string;
  readonly motivo?: string;
  readonly valor?: { readonly centavos: string };
  readonly creditos?: { readonly centavos: string };
  readonly devolvido?: boolean;
  readonly disputaId?: string;
  readonly pedido?: number;
  readonly resultado?: string;
}

interface Evento {
  readonly id: string;
  readonly tipo: string;
  readonly dados: Dados;
}

const EVENTOS = `
  select p.reserva_id as "reservaId", p.id, p.versao as "versaoDoPagamento", e.versao, e.versao_esquema as esquema, e.tipo,
    e.dados::text as dados, e.meta::text as meta,
    to_char(e.ocorrido_em at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as em,
    encode(e.hash_anterior, 'hex') as previous, encode(e.hash, 'hex') as hash
  from pagamentos p join eventos_pagamento e on e.fluxo = p.id
  where p.reserva_id = any ($1) order by e.fluxo, e.versao`;

const TRANSACOES = `
  select reserva_id as "reservaId", tipo, sum(centavos)::int as total
  from transacoes where reserva_id = any ($1) group by reserva_id, tipo`;

const RETIDOS = `
  select p.reserva_id as "reservaId", coalesce(sum(l.centavos), 0)::int as total
  from pagamentos p join creditos_lancamentos l on l.conta = 'pagamento:' || p.id
  where p.reserva_id = any ($1) group by p.reserva_id`;

const CONCESSOES = `
  select substr(t.id, 7) as "reservaId", t.cliente_id as titular, count(*)::int as concessoes,
    coalesce(-sum(l.centavos), 0)::int as concedido
  from creditos_lotes t join creditos_lancamentos l on l.lote = t.id and l.conta = 'plataforma:bonus'
  where t.id = any (select 'bonus:' || unnest($1::text[])) group by t.id`;

interface Concessao extends Pick<Bonus, 'concedido' | 'concessoes' | 'titular'> {
  readonly reservaId: string;
}

/** What pagamentos has on record about one reservation. */
export interface ContasDaReserva {
  readonly pagamento: Pagamento | undefined;
  readonly noticias: Noticias;
  readonly concedido: Pick<Bonus, 'concedido' | 'concessoes' | 'titular' | 'movimento'>;
  readonly eventos: Chain;
}

/** Reads what pagamentos has on record, and answers it reservation by reservation. */
export async function readPagamentos(
  sources: Pick<Sources, 'query'>,
  reservaIds: readonly string[],
): Promise<(reservaId: string) => ContasDaReserva> {
  const ids = [reservaIds];
  const [rows, transacoes, retidos, concessoes] = await Promise.all([
    sources.query<EventoRow>('pagamentos', EVENTOS, ids),
    sources.query<{ reservaId: string; tipo: string; total: number }>('pagamentos', TRANSACOES, ids),
    sources.query<{ reservaId: string; total: number }>('pagamentos', RETIDOS, ids),
    sources.query<Concessao>('pagamentos', CONCESSOES, ids),
  ]);
  return (id) => {
    const belongs = ({ reservaId }: { reservaId: string }) => reservaId === id;
    const total = (tipo: string) =>
      transacoes.find((line) => belongs(line) && line.tipo === tipo)?.total ?? 0;
    const movimentos = {
      cartao: { pago: total('CAPTURA'), devolvido: total('ESTORNO') - total('ESTORNO_DEVOLVIDO') },
      creditos: { pago: total('CREDITO_USADO'), devolvido: total('CREDITO_DEVOLVIDO') },
    };
    const its = rows.filter(belongs);
    const eventos = its.map(({ dados, ...row }) => ({ ...row, dados: JSON.parse(dados) as Dados }));
    const { concedido = 0, concessoes: howMany = 0, titular = null } = concessoes.find(belongs) ?? {};
    return {
      pagamento: pagamentoDe(eventos, movimentos, retidos.find(belongs)?.total ?? 0),
      noticias: noticiasDe(eventos),
      concedido: { concedido, concessoes: howMany, titular, movimento: total('CREDITO_CONCEDIDO') },
      eventos: { versao: its[0]?.versaoDoPagamento ?? 0, links: its.map(link) },
    };
  };
}

/** Put together as the contract of the ledger says, not by the functions of the database that have written it. */
function link({ id, versao, esquema, tipo, dados, meta, em, previous, hash }: EventoRow): Link {
  const parts = [previous, id, versao, tipo, esquema].map((part) => JSON.stringify(part));
  return { versao, previous, hash, content: `[${[...parts, dados, meta, JSON.stringify(em)].join(', ')}]` };
}

const FEITO_NO_PROVEDOR = 'FEITO_NO_PROVEDOR';

function noticiasDe(eventos: readonly Evento[]): Noticias {
  const ofType = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  return {
    cartoesRecusados: ofType('CartaoRecusado').length,
    restos: ofType('CreditosUsados').filter(({ dados }) => Number(dados.creditos?.centavos ?? 0) > 0).length,
    estornosFalhos: ofType('EstornoFalhou').filter(({ dados }) => dados.motivo !== FEITO_NO_PROVEDOR).length,
  };
}

const centavos = ({ dados }: Evento): number => Number(dados.valor?.centavos ?? 0);
const sum = (lines: readonly Evento[]) => lines.reduce((total, line) => total + centavos(line), 0);

/** Adds up the events by itself: the program that is being proved has no part in it. */
function pagamentoDe(
  eventos: readonly Evento[],
  transacoes: Pagamento['transacoes'],
  creditosRetidos: number,
): Pagamento | undefined {
  const [first] = eventos;
  if (first === undefined) return undefined;
  const ofType = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  const [pedidos, feitos, falhos] = [
    ofType('EstornoSolicitado'),
    ofType('EstornoConcluido'),
    ofType('EstornoFalhou'),
  ];
  const emCredito = (evento: Evento) =>
    pedidos.some(({ dados }) => dados.numero === evento.dados.numero && dados.meio === 'CREDITO');
  const among = (lines: readonly Evento[]) => (evento: Evento) =>
    lines.some(({ dados }) => dados.numero === evento.dados.numero);
  const pedidoDe = ({ dados: { numero } }: Evento) =>
    pedidos.find(({ dados }) => dados.numero === numero)?.dados.pedido ?? numero;
  const vivos = pedidos.filter((pedido) => !among(falhos)(pedido));
  const encerradas = ofType('DisputaEncerrada').filter(({ dados }) => dados.resultado !== 'lost');
  const devolvidas = new Set(encerradas.map(({ dados }) => dados.disputaId));
  // With the charge, or when its customer accepted it.
  const separados = [first, ...ofType('CreditosUsados')].reduce(
    (total, { dados }) => total + Number(dados.creditos?.centavos ?? 0),
    0,
  );
  const aprovado = eventos.findIndex(({ tipo }) => tipo === 'PagamentoAprovado');
  // A charge that was closed gave it back: money that comes after that finds none.
  const comCreditos =
    aprovado >= 0 && !eventos.slice(0, aprovado).some(({ tipo }) => tipo === 'CobrancaCancelada');
  return {
    id: first.id,
    cartao: {
      pago: sum(ofType('PagamentoAprovado')),
      devolvido:
        sum(feitos.filter((feito) => !emCredito(feito))) - sum(falhos.filter(({ dados }) => dados.devolvido)),
    },
    creditos: { pago: comCreditos ? separados : 0, devolvido: sum(feitos.filter(emCredito)) },
    emCurso: sum(vivos.filter((pedido) => !emCredito(pedido) && !among(feitos)(pedido))),
    estornadoPorPessoas: sum(vivos.filter(({ dados }) => ['ADMIN', 'PROVEDOR'].includes(dados.origem ?? ''))),
    estornosConcluidos: new Set(feitos.map(pedidoDe)).size,
    checkouts: ofType('CheckoutSolicitado').length,
    transacoes,
    creditosRetidos,
    tomado: sum(ofType('DisputaAberta').filter(({ dados }) => !devolvidas.has(dados.disputaId))),
  };
}

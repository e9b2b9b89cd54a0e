import type { Bonus, Cadeia, Elo, Fontes, Noticias, Pagamento } from './livros.ts';

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
  readonly anterior: string;
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
    encode(e.hash_anterior, 'hex') as anterior, encode(e.hash, 'hex') as hash
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
  readonly eventos: Cadeia;
}

/** Reads what pagamentos has on record, and answers it reservation by reservation. */
export async function lerPagamentos(
  fontes: Pick<Fontes, 'query'>,
  reservaIds: readonly string[],
): Promise<(reservaId: string) => ContasDaReserva> {
  const ids = [reservaIds];
  const [rows, transacoes, retidos, concessoes] = await Promise.all([
    fontes.query<EventoRow>('pagamentos', EVENTOS, ids),
    fontes.query<{ reservaId: string; tipo: string; total: number }>('pagamentos', TRANSACOES, ids),
    fontes.query<{ reservaId: string; total: number }>('pagamentos', RETIDOS, ids),
    fontes.query<Concessao>('pagamentos', CONCESSOES, ids),
  ]);
  return (id) => {
    const desta = ({ reservaId }: { reservaId: string }) => reservaId === id;
    const total = (tipo: string) =>
      transacoes.find((linha) => desta(linha) && linha.tipo === tipo)?.total ?? 0;
    const movimentos = {
      cartao: { pago: total('CAPTURA'), devolvido: total('ESTORNO') - total('ESTORNO_DEVOLVIDO') },
      creditos: { pago: total('CREDITO_USADO'), devolvido: total('CREDITO_DEVOLVIDO') },
    };
    const dela = rows.filter(desta);
    const eventos = dela.map(({ dados, ...row }) => ({ ...row, dados: JSON.parse(dados) as Dados }));
    const { concedido = 0, concessoes: quantas = 0, titular = null } = concessoes.find(desta) ?? {};
    return {
      pagamento: pagamentoDe(eventos, movimentos, retidos.find(desta)?.total ?? 0),
      noticias: noticiasDe(eventos),
      concedido: { concedido, concessoes: quantas, titular, movimento: total('CREDITO_CONCEDIDO') },
      eventos: { versao: dela[0]?.versaoDoPagamento ?? 0, elos: dela.map(elo) },
    };
  };
}

/** Put together as the contract of the ledger says, not by the functions of the database that have written it. */
function elo({ id, versao, esquema, tipo, dados, meta, em, anterior, hash }: EventoRow): Elo {
  const partes = [anterior, id, versao, tipo, esquema].map((parte) => JSON.stringify(parte));
  return { versao, anterior, hash, conteudo: `[${[...partes, dados, meta, JSON.stringify(em)].join(', ')}]` };
}

const FEITO_NO_PROVEDOR = 'FEITO_NO_PROVEDOR';

function noticiasDe(eventos: readonly Evento[]): Noticias {
  const de = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  return {
    cartoesRecusados: de('CartaoRecusado').length,
    restos: de('CreditosUsados').filter(({ dados }) => Number(dados.creditos?.centavos ?? 0) > 0).length,
    estornosFalhos: de('EstornoFalhou').filter(({ dados }) => dados.motivo !== FEITO_NO_PROVEDOR).length,
  };
}

const centavos = ({ dados }: Evento): number => Number(dados.valor?.centavos ?? 0);
const soma = (linhas: readonly Evento[]) => linhas.reduce((total, linha) => total + centavos(linha), 0);

/** Adds up the events by itself: the program that is being proved has no part in it. */
function pagamentoDe(
  eventos: readonly Evento[],
  transacoes: Pagamento['transacoes'],
  creditosRetidos: number,
): Pagamento | undefined {
  const [primeiro] = eventos;
  if (primeiro === undefined) return undefined;
  const de = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  const [pedidos, feitos, falhos] = [de('EstornoSolicitado'), de('EstornoConcluido'), de('EstornoFalhou')];
  const emCredito = (evento: Evento) =>
    pedidos.some(({ dados }) => dados.numero === evento.dados.numero && dados.meio === 'CREDITO');
  const entre = (linhas: readonly Evento[]) => (evento: Evento) =>
    linhas.some(({ dados }) => dados.numero === evento.dados.numero);
  const pedidoDe = ({ dados: { numero } }: Evento) =>
    pedidos.find(({ dados }) => dados.numero === numero)?.dados.pedido ?? numero;
  const vivos = pedidos.filter((pedido) => !entre(falhos)(pedido));
  const encerradas = de('DisputaEncerrada').filter(({ dados }) => dados.resultado !== 'lost');
  const devolvidas = new Set(encerradas.map(({ dados }) => dados.disputaId));
  // With the charge, or when its customer accepted it.
  const separados = [primeiro, ...de('CreditosUsados')].reduce(
    (total, { dados }) => total + Number(dados.creditos?.centavos ?? 0),
    0,
  );
  const aprovado = eventos.findIndex(({ tipo }) => tipo === 'PagamentoAprovado');
  // A charge that was closed gave it back: money that comes after that finds none.
  const comCreditos =
    aprovado >= 0 && !eventos.slice(0, aprovado).some(({ tipo }) => tipo === 'CobrancaCancelada');
  return {
    id: primeiro.id,
    cartao: {
      pago: soma(de('PagamentoAprovado')),
      devolvido:
        soma(feitos.filter((feito) => !emCredito(feito))) -
        soma(falhos.filter(({ dados }) => dados.devolvido)),
    },
    creditos: { pago: comCreditos ? separados : 0, devolvido: soma(feitos.filter(emCredito)) },
    emCurso: soma(vivos.filter((pedido) => !emCredito(pedido) && !entre(feitos)(pedido))),
    estornadoPorPessoas: soma(
      vivos.filter(({ dados }) => ['ADMIN', 'PROVEDOR'].includes(dados.origem ?? '')),
    ),
    estornosConcluidos: new Set(feitos.map(pedidoDe)).size,
    checkouts: de('CheckoutSolicitado').length,
    transacoes,
    creditosRetidos,
    tomado: soma(de('DisputaAberta').filter(({ dados }) => !devolvidas.has(dados.disputaId))),
  };
}

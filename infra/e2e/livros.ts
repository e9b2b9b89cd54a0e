/** What a customer's card paid, or store credit paid, and what of it went back; cents. */
export interface Parte {
  readonly pago: number;
  /** Done, and not sent back since. */
  readonly devolvido: number;
}

export const NADA: Parte = { pago: 0, devolvido: 0 };

/** A payment as its events tell it; cents. */
export interface Pagamento {
  readonly id: string;
  readonly cartao: Parte;
  /** Credit that is set aside for a charge counts as paid once the charge is approved. */
  readonly creditos: Parte;
  /** Refunds to the card that were asked for and have not ended. */
  readonly emCurso: number;
  /** Part of the refunds, done or under way, that an administrator asked for or somebody made at Stripe itself. */
  readonly estornadoPorPessoas: number;
  readonly estornosConcluidos: number;
  /** Checkouts that were asked of Stripe. */
  readonly checkouts: number;
  /** The same parts as the movements have them. */
  readonly transacoes: { readonly cartao: Parte; readonly creditos: Parte };
  /** Credit that the ledger of credits keeps for this payment. */
  readonly creditosRetidos: number;
  /** What customers' banks claim or have kept. */
  readonly tomado: number;
}

/** One payment intent in the books of Stripe; cents. */
export interface LinhaDoStripe {
  readonly capturado: number;
  readonly estornado: number;
  readonly pendente: number;
  /** With the customer's bank. */
  readonly tomado: number;
}

/** Everything that anybody has on record about one reservation. */
export interface LivroDeReserva {
  readonly id: string;
  readonly status: string;
  readonly valor: number;
  readonly pagamentoId: string | null;
  /** It was confirmed, whatever became of it later. */
  readonly confirmada: boolean;
  /** Its customer gave it up before it was known to be paid. */
  readonly desistencia: boolean;
  /** What its cancellation decided to give back. */
  readonly reembolso: number;
  /** How often the confirmation was announced. */
  readonly confirmacoes: number;
  readonly stripe: readonly LinhaDoStripe[];
  /** Checkouts that Stripe has made for it. */
  readonly sessoes: number;
  readonly pagamento: Pagamento | undefined;
  /** Templates of the e-mails that came, one for each message however often its copies came. */
  readonly emails: readonly string[];
  /** E-mails that came although the same message had come before. */
  readonly copias: number;
}

export interface Livros {
  readonly reservas: readonly LivroDeReserva[];
  /** Asked for, and on no record. */
  readonly perdidas: readonly string[];
}

/** A line of the ledger of the Stripe stand-in. */
export interface LinhaDoLedger {
  readonly captured: number;
  readonly refunded: number;
  readonly refundPending: number;
  readonly disputed: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The ledger of the Stripe stand-in. */
export interface Ledger {
  readonly lines: readonly LinhaDoLedger[];
  readonly sessions: ReadonlyArray<{ readonly metadata: Readonly<Record<string, string>> }>;
}

/** Where the books are. */
export interface Fontes {
  query<T extends object>(
    servico: 'reservas' | 'pagamentos' | 'notificacoes',
    sql: string,
    valores: unknown[],
  ): Promise<T[]>;
  ledger(): Promise<Ledger>;
  /** `Message-ID` of every e-mail that came, the part before the `@`. */
  emails(): Promise<readonly string[]>;
}

interface ReservaRow {
  readonly id: string;
  readonly status: string;
  readonly valor: number;
  readonly pagamentoId: string | null;
  readonly confirmada: boolean;
  readonly desistencia: boolean;
  readonly reembolso: number;
  readonly confirmacoes: number;
}

const RESERVAS = `
  select id, status, valor_centavos::int as valor, pagamento_id as "pagamentoId", confirmada_em is not null as confirmada,
    exists (select from outbox where agregado_id = r.id and payload ? 'desistencia') as desistencia,
    coalesce(reembolso_centavos, 0)::int as reembolso,
    (select count(*)::int from outbox where agregado_id = r.id and assunto = 'reservas.v1.ReservaConfirmada') as confirmacoes
  from reservas r where id = any ($1) order by id`;

const EVENTOS = `
  select p.reserva_id as "reservaId", p.id, e.tipo, e.dados
  from pagamentos p join eventos_pagamento e on e.fluxo = p.id
  where p.reserva_id = any ($1) order by e.fluxo, e.versao`;

const TRANSACOES = `
  select reserva_id as "reservaId", tipo, sum(centavos)::int as total
  from transacoes where reserva_id = any ($1) group by reserva_id, tipo`;

const RETIDOS = `
  select p.reserva_id as "reservaId", coalesce(sum(l.centavos), 0)::int as total
  from pagamentos p join creditos_lancamentos l on l.conta = 'pagamento:' || p.id
  where p.reserva_id = any ($1) group by p.reserva_id`;

const NOTIFICACOES =
  'select id, reserva_id as "reservaId", modelo from notificacoes where reserva_id = any ($1)';

/** Reads what everybody has on record about these reservations. */
export async function lerLivros(fontes: Fontes, reservaIds: readonly string[]): Promise<Livros> {
  const ids = [reservaIds];
  // Stripe last: it is never behind the others, so a difference is one that was there before.
  const [reservas, eventos, transacoes, retidos, notificacoes] = await Promise.all([
    fontes.query<ReservaRow>('reservas', RESERVAS, ids),
    fontes.query<EventoRow>('pagamentos', EVENTOS, ids),
    fontes.query<{ reservaId: string; tipo: string; total: number }>('pagamentos', TRANSACOES, ids),
    fontes.query<{ reservaId: string; total: number }>('pagamentos', RETIDOS, ids),
    fontes.query<{ id: string; reservaId: string; modelo: string }>('notificacoes', NOTIFICACOES, ids),
  ]);
  const [ledger, chegados] = [await fontes.ledger(), contar(await fontes.emails())];
  const livro = (reserva: ReservaRow): LivroDeReserva => {
    const desta = ({ reservaId }: { reservaId: string }) => reservaId === reserva.id;
    const dela = ({ metadata }: { metadata: Readonly<Record<string, string>> }) =>
      metadata.reservaId === reserva.id;
    const total = (tipo: string) =>
      transacoes.find((linha) => desta(linha) && linha.tipo === tipo)?.total ?? 0;
    const movimentos = {
      cartao: { pago: total('CAPTURA'), devolvido: total('ESTORNO') - total('ESTORNO_DEVOLVIDO') },
      creditos: { pago: total('CREDITO_USADO'), devolvido: total('CREDITO_DEVOLVIDO') },
    };
    const enviados = notificacoes.filter((nota) => desta(nota) && chegados.has(nota.id));
    return {
      ...reserva,
      stripe: ledger.lines.filter(dela).map(linhaDoStripe),
      sessoes: ledger.sessions.filter(dela).length,
      pagamento: pagamentoDe(eventos.filter(desta), movimentos, retidos.find(desta)?.total ?? 0),
      emails: enviados.map(({ modelo }) => modelo),
      copias: enviados.reduce((copias, { id }) => copias + (chegados.get(id) ?? 1) - 1, 0),
    };
  };
  const achadas = new Set(reservas.map(({ id }) => id));
  return { reservas: reservas.map(livro), perdidas: reservaIds.filter((id) => !achadas.has(id)) };
}

function contar(ids: readonly string[]): ReadonlyMap<string, number> {
  const vezes = new Map<string, number>();
  for (const id of ids) vezes.set(id, (vezes.get(id) ?? 0) + 1);
  return vezes;
}

/** All the money there ever was, as one party has it; cents. */
export interface Total {
  readonly capturado: number;
  readonly estornado: number;
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

interface EventoRow {
  readonly reservaId: string;
  readonly id: string;
  readonly tipo: string;
  readonly dados: {
    readonly numero?: number;
    readonly origem?: string;
    readonly meio?: string;
    readonly valor?: { readonly centavos: string };
    readonly creditos?: { readonly centavos: string };
    readonly devolvido?: boolean;
    readonly disputaId?: string;
    readonly pedido?: number;
    readonly resultado?: string;
  };
}

const centavos = ({ dados }: EventoRow): number => Number(dados.valor?.centavos ?? 0);
const soma = (linhas: readonly EventoRow[]) => linhas.reduce((total, linha) => total + centavos(linha), 0);

/** Adds up the events by itself: the program that is being proved has no part in it. */
function pagamentoDe(
  eventos: readonly EventoRow[],
  transacoes: Pagamento['transacoes'],
  creditosRetidos: number,
): Pagamento | undefined {
  const [primeiro] = eventos;
  if (primeiro === undefined) return undefined;
  const de = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  const [pedidos, feitos, falhos] = [de('EstornoSolicitado'), de('EstornoConcluido'), de('EstornoFalhou')];
  const emCredito = (evento: EventoRow) =>
    pedidos.some(({ dados }) => dados.numero === evento.dados.numero && dados.meio === 'CREDITO');
  const entre = (linhas: readonly EventoRow[]) => (evento: EventoRow) =>
    linhas.some(({ dados }) => dados.numero === evento.dados.numero);
  const pedidoDe = ({ dados: { numero } }: EventoRow) =>
    pedidos.find(({ dados }) => dados.numero === numero)?.dados.pedido ?? numero;
  const vivos = pedidos.filter((pedido) => !entre(falhos)(pedido));
  const encerradas = de('DisputaEncerrada').filter(({ dados }) => dados.resultado !== 'lost');
  const devolvidas = new Set(encerradas.map(({ dados }) => dados.disputaId));
  // With the charge, or when its customer accepted it.
  const separados = [primeiro, ...de('CreditosUsados')].reduce(
    (total, { dados }) => total + Number(dados.creditos?.centavos ?? 0),
    0,
  );
  const aprovado = de('PagamentoAprovado').length > 0;
  return {
    id: primeiro.id,
    cartao: {
      pago: soma(de('PagamentoAprovado')),
      devolvido:
        soma(feitos.filter((feito) => !emCredito(feito))) -
        soma(falhos.filter(({ dados }) => dados.devolvido)),
    },
    creditos: { pago: aprovado ? separados : 0, devolvido: soma(feitos.filter(emCredito)) },
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

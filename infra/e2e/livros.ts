/** A payment as its events tell it; cents. */
export interface Pagamento {
  readonly id: string;
  readonly capturado: number;
  /** Done, and not sent back since. */
  readonly estornado: number;
  /** Asked for and not ended. */
  readonly emCurso: number;
  /** Part of the refunds, done or under way, that an administrator asked for or somebody made at Stripe itself. */
  readonly estornadoPorPessoas: number;
  readonly estornosConcluidos: number;
  /** The same as the projection has it. */
  readonly transacoes: { readonly capturado: number; readonly estornado: number };
}

/** One payment intent in the books of Stripe; cents. */
export interface LinhaDoStripe {
  readonly capturado: number;
  readonly estornado: number;
  readonly pendente: number;
}

/** Everything that anybody has on record about one reservation. */
export interface LivroDeReserva {
  readonly id: string;
  readonly status: string;
  readonly valor: number;
  readonly pagamentoId: string | null;
  /** It was confirmed, whatever became of it later. */
  readonly confirmada: boolean;
  /** What its cancellation decided to give back. */
  readonly reembolso: number;
  /** How often the confirmation was announced. */
  readonly confirmacoes: number;
  readonly stripe: readonly LinhaDoStripe[];
  readonly pagamento: Pagamento | undefined;
  /** Templates of the e-mails that came, one for each message however often its copies came. */
  readonly emails: readonly string[];
}

export interface Livros {
  readonly reservas: readonly LivroDeReserva[];
}

/** A line of the ledger of the Stripe stand-in. */
export interface LinhaDoLedger {
  readonly captured: number;
  readonly refunded: number;
  readonly refundPending: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where the books are. */
export interface Fontes {
  query<T extends object>(
    servico: 'reservas' | 'pagamentos' | 'notificacoes',
    sql: string,
    valores: unknown[],
  ): Promise<T[]>;
  ledger(): Promise<readonly LinhaDoLedger[]>;
  /** `Message-ID` of every e-mail that came, the part before the `@`. */
  emails(): Promise<readonly string[]>;
}

interface ReservaRow {
  readonly id: string;
  readonly status: string;
  readonly valor: number;
  readonly pagamentoId: string | null;
  readonly confirmada: boolean;
  readonly reembolso: number;
  readonly confirmacoes: number;
}

const RESERVAS = `
  select id, status, valor_centavos::int as valor, pagamento_id as "pagamentoId", confirmada_em is not null as confirmada,
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

const NOTIFICACOES =
  'select id, reserva_id as "reservaId", modelo from notificacoes where reserva_id = any ($1)';

/** Reads what everybody has on record about these reservations. */
export async function lerLivros(fontes: Fontes, reservaIds: readonly string[]): Promise<Livros> {
  const ids = [reservaIds];
  // Stripe last: it is never behind the others, so a difference is one that was there before.
  const [reservas, eventos, transacoes, notificacoes] = await Promise.all([
    fontes.query<ReservaRow>('reservas', RESERVAS, ids),
    fontes.query<EventoRow>('pagamentos', EVENTOS, ids),
    fontes.query<{ reservaId: string; tipo: string; total: number }>('pagamentos', TRANSACOES, ids),
    fontes.query<{ id: string; reservaId: string; modelo: string }>('notificacoes', NOTIFICACOES, ids),
  ]);
  const [ledger, chegados] = [await fontes.ledger(), new Set(await fontes.emails())];
  const livro = (reserva: ReservaRow): LivroDeReserva => {
    const desta = ({ reservaId }: { reservaId: string }) => reservaId === reserva.id;
    const total = (tipo: string) =>
      transacoes.find((linha) => desta(linha) && linha.tipo === tipo)?.total ?? 0;
    const movimentos = {
      capturado: total('CAPTURA'),
      estornado: total('ESTORNO') - total('ESTORNO_DEVOLVIDO'),
    };
    return {
      ...reserva,
      stripe: ledger.filter(({ metadata }) => metadata.reservaId === reserva.id).map(linhaDoStripe),
      pagamento: pagamentoDe(eventos.filter(desta), movimentos),
      emails: notificacoes.filter((nota) => desta(nota) && chegados.has(nota.id)).map(({ modelo }) => modelo),
    };
  };
  return { reservas: reservas.map(livro) };
}

const linhaDoStripe = ({ captured, refunded, refundPending }: LinhaDoLedger): LinhaDoStripe => ({
  capturado: captured,
  estornado: refunded,
  pendente: refundPending,
});

interface EventoRow {
  readonly reservaId: string;
  readonly id: string;
  readonly tipo: string;
  readonly dados: {
    readonly numero?: number;
    readonly origem?: string;
    readonly valor?: { readonly centavos: string };
    readonly devolvido?: boolean;
  };
}

const centavos = ({ dados }: EventoRow): number => Number(dados.valor?.centavos ?? 0);

/** Adds up the events by itself: the program that is being proved has no part in it. */
function pagamentoDe(
  eventos: readonly EventoRow[],
  transacoes: Pagamento['transacoes'],
): Pagamento | undefined {
  const [primeiro] = eventos;
  if (primeiro === undefined) return undefined;
  const de = (tipo: string) => eventos.filter((evento) => evento.tipo === tipo);
  const soma = (linhas: readonly EventoRow[]) => linhas.reduce((total, linha) => total + centavos(linha), 0);
  const falhou = (numero: number | undefined) =>
    de('EstornoFalhou').some(({ dados }) => dados.numero === numero);
  const feito = (numero: number | undefined) =>
    de('EstornoConcluido').some(({ dados }) => dados.numero === numero);
  const vivos = de('EstornoSolicitado').filter(({ dados }) => !falhou(dados.numero));
  return {
    id: primeiro.id,
    capturado: soma(de('PagamentoAprovado')),
    estornado:
      soma(de('EstornoConcluido')) - soma(de('EstornoFalhou').filter(({ dados }) => dados.devolvido)),
    emCurso: soma(vivos.filter(({ dados }) => !feito(dados.numero))),
    estornadoPorPessoas: soma(
      vivos.filter(({ dados }) => ['ADMIN', 'PROVEDOR'].includes(dados.origem ?? '')),
    ),
    estornosConcluidos: de('EstornoConcluido').length,
    transacoes,
  };
}

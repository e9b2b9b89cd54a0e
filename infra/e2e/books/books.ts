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
export interface StripeLine {
  readonly capturado: number;
  readonly estornado: number;
  readonly pendente: number;
  /** With the customer's bank. */
  readonly tomado: number;
}

/** Everything that anybody has on record about one reservation. */
export interface ReservaBook {
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
  readonly stripe: readonly StripeLine[];
  /** Checkouts that Stripe has made for it. */
  readonly sessoes: number;
  readonly pagamento: Pagamento | undefined;
  /** Templates of the e-mails that came, one for each message however often its copies came. */
  readonly emails: readonly string[];
  /** E-mails that came although the same message had come before. */
  readonly copies: number;
  /** E-mails that notificacoes has on record as sent, and that never came. */
  readonly missing: number;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly confirmadoEm: Date | null;
  readonly canceladoEm: Date | null;
  /** Its hold ended unpaid at some time, whatever became of it later. */
  readonly expirou: boolean;
  /** How often it was announced as held for its customer, who waited for it or whom somebody booked it for. */
  readonly ofertas: number;
  /** What became of its charge, as far as it is told by e-mail. */
  readonly noticias: Noticias;
  readonly bonus: Bonus;
  /** The stream of its payment. */
  readonly eventos: Chain;
}

/** Facts of a payment that its customer is told. */
export interface Noticias {
  readonly cartoesRecusados: number;
  /** Acceptances after which credit paid a part: what is left is told anew. */
  readonly restos: number;
  /** Movements back that failed, but for those that somebody made at the provider instead. */
  readonly estornosFalhos: number;
}

/** Store credit for a problem of the space; cents. */
export interface Bonus {
  /** By the policy that was frozen with the reservation: percent of what its customer still loses. */
  readonly percentual: number;
  readonly excecao: string | null;
  /** What the cancellation has decided. */
  readonly prometido: number;
  /** What the ledger of credits has given for it, in how many entries, and to whom. */
  readonly concedido: number;
  readonly concessoes: number;
  readonly titular: string | null;
  /** What the movements tell of it. */
  readonly movimento: number;
}

/** The events of one payment as a chain of hashes. */
export interface Chain {
  /** How many events there are by the record of the payment itself. */
  readonly versao: number;
  readonly links: readonly Link[];
}

export interface Link {
  readonly versao: number;
  /** Hash of the event before; hexadecimal, as all hashes. */
  readonly previous: string;
  readonly hash: string;
  /** All that the event says, as it is hashed. */
  readonly content: string;
}

/** A place in line, and what became of the reservation that was offered to it. */
export interface EntradaDaFila {
  readonly id: string;
  /** The order of arrival. */
  readonly ordem: number;
  readonly status: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  /** From then on nothing is offered to it. */
  readonly encerraEm: Date;
  /** How often an offer to it was announced. */
  readonly anuncios: number;
  /** Orders the offers; null when there was none. */
  readonly posicaoDaOferta: number | null;
  readonly oferta: Oferta | null;
  /** Nothing takes its period, with its buffers, and the space is open to it. */
  readonly livre: boolean;
  /** Nothing is held for its customer: suspended, or has just let the period go unpaid. */
  readonly impedida: boolean;
}

/** The reservation that was offered. */
export interface Oferta {
  readonly reservaId: string;
  readonly status: string;
  readonly clienteId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly confirmada: boolean;
}

/** A series, and all its reservations. */
export interface SerieBook {
  readonly id: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly modo: string;
  readonly rrule: string;
  readonly duracaoMinutos: number;
  /** Dates that the request left out. */
  readonly excluidas: number;
  /** Dates that could not be booked. */
  readonly puladas: number;
  /** Series that were made of the same plan under the same key, itself counted. */
  readonly iguais: number;
  readonly ocorrencias: readonly Ocorrencia[];
}

export interface Ocorrencia {
  readonly id: string;
  readonly numero: number;
  readonly status: string;
  readonly clienteId: string;
  readonly espacoId: string;
  readonly minutos: number;
  readonly valor: number;
  /** What each of its charges asks for; cents. */
  readonly cobrancas: readonly number[];
}

/** The ledger of credits, as far as it is about the customers of these reservations. */
export interface CreditosBook {
  readonly lotes: readonly Lote[];
  /** In the order in which they were written. */
  readonly lancamentos: readonly Lancamento[];
  /** What the movements add up to for each customer; cents. */
  readonly saldos: ReadonlyMap<string, number>;
}

export interface Lote {
  readonly id: string;
  readonly clienteId: string;
  readonly centavos: number;
  readonly restante: number;
}

export interface Lancamento {
  readonly transacao: string;
  readonly lote: string;
  /** `cliente:`, `pagamento:` or `plataforma:` and whose it is. */
  readonly conta: string;
  readonly centavos: number;
}

export interface Books {
  readonly reservas: readonly ReservaBook[];
  /** Asked for, and on no record. */
  readonly lost: readonly string[];
  /** The lines at the spaces of these reservations. */
  readonly filas: readonly EntradaDaFila[];
  /** The series that these reservations belong to. */
  readonly series: readonly SerieBook[];
  readonly creditos: CreditosBook;
  /** When they were read, by the clock of those who wrote them. */
  readonly now: Date;
}

/** A line of the ledger of the Stripe stand-in. */
export interface LedgerLine {
  readonly captured: number;
  readonly refunded: number;
  readonly refundPending: number;
  readonly disputed: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The ledger of the Stripe stand-in. */
export interface Ledger {
  readonly lines: readonly LedgerLine[];
  readonly sessions: ReadonlyArray<{ readonly metadata: Readonly<Record<string, string>> }>;
}

/** Where the books are. */
export interface Sources {
  query<T extends object>(
    service: 'reservas' | 'pagamentos' | 'notificacoes',
    sql: string,
    values: unknown[],
  ): Promise<T[]>;
  ledger(): Promise<Ledger>;
  /** `Message-ID` of every e-mail that came, the part before the `@`. */
  emails(): Promise<readonly string[]>;
  /** Whose time the services live in; that of this machine when left out. */
  readonly clock?: { now(): Date };
}

/** All the money there ever was, as one party has it; cents. */
export interface Total {
  readonly capturado: number;
  readonly estornado: number;
}

import type {
  DadosEstornoConcluido,
  DadosReservaCancelada,
  DadosReservaConfirmada,
  DadosVagaOferecida,
  DetalhesDaReserva,
  Modelo,
  Rascunho,
} from './notificacao.ts';

/** What is known here of a reservation. Versions are those of its aggregate; 0 means that it did not happen. */
export interface ReservaAcompanhada {
  readonly reservaId: string;
  readonly confirmadaNaVersao: number;
  readonly canceladaNaVersao: number;
  readonly expiradaNaVersao: number;
  /** Undefined while no event has told them. */
  readonly detalhes: DetalhesDaReserva | undefined;
  readonly detalhesDaVersao: number;
  /** End of the hold. */
  readonly expiraEm: Date | undefined;
  /** Where the customer pays; empty when that is not known. */
  readonly checkoutUrl: string;
  /** Version of the payment that the address is of. */
  readonly checkoutDaVersao: number;
  /** What is held for the customer to accept; undefined when they booked for themselves. */
  readonly oferta: Oferta | undefined;
  /** Declined cards, as events, of which the customer could not be told yet. */
  readonly recusas: readonly string[];
}

/** A slot that is held for the first in line, or that somebody has booked for another. Plain JSON. */
export type Oferta = Pick<DadosVagaOferecida, 'valorCentavos' | 'moeda' | 'expiraEm' | 'porPessoa'>;

/** Something that happened to a reservation. Facts come more than once, late and in any order. */
export type Fato =
  | {
      readonly tipo: 'CRIADA';
      readonly versao: number;
      readonly detalhes: DetalhesDaReserva;
      readonly expiraEm: Date;
    }
  | { readonly tipo: 'CONFIRMADA'; readonly versao: number; readonly dados: DadosReservaConfirmada }
  | {
      readonly tipo: 'CANCELADA';
      readonly versao: number;
      readonly dados: Omit<DadosReservaCancelada, 'comCalendario'>;
      /** The customer gave it up before it was paid. */
      readonly desistencia?: boolean;
    }
  | { readonly tipo: 'EXPIRADA'; readonly versao: number }
  | {
      readonly tipo: 'COBRANCA_CRIADA';
      readonly versao: number;
      readonly checkoutUrl: string;
      /** What store credit pays; left out for nothing. */
      readonly creditosCentavos?: string;
    }
  | { readonly tipo: 'CARTAO_RECUSADO'; readonly eventoId: string }
  | {
      readonly tipo: 'VAGA_OFERECIDA';
      readonly detalhes: DetalhesDaReserva;
      readonly oferta: Oferta;
    }
  /** `numero` counts the refunds of one payment. */
  | {
      readonly tipo: 'ESTORNO_CONCLUIDO';
      readonly numero: number;
      readonly dados: Omit<DadosEstornoConcluido, 'reserva'>;
    };

/** What else matters when a fact comes. */
export interface Contexto {
  readonly agora: Date;
  /** Whether the customer was, or is about to be, told that the reservation is confirmed. */
  readonly confirmacaoEscrita: boolean;
}

/** What follows from a fact. */
export interface Consequencia {
  readonly depois: ReservaAcompanhada;
  readonly mensagens: readonly Rascunho[];
  /** Messages of these models that were not sent yet are not news any more. */
  readonly retirar: readonly Modelo[];
}

const ANTECEDENCIA_LEMBRETE_MS = 24 * 3_600_000;
/** Who books later than that before the start is not reminded. */
const SEM_LEMBRETE_MS = 2 * 3_600_000;

/** A reservation of which nothing is known. */
export const desconhecida = (reservaId: string): ReservaAcompanhada => ({
  reservaId,
  confirmadaNaVersao: 0,
  canceladaNaVersao: 0,
  expiradaNaVersao: 0,
  detalhes: undefined,
  detalhesDaVersao: 0,
  expiraEm: undefined,
  checkoutUrl: '',
  checkoutDaVersao: 0,
  oferta: undefined,
  recusas: [],
});

/**
 * What the customer is to be told now that a fact is known, and what no longer. A cancellation is final: whatever comes
 * to be known after it is history, and not told. What cannot be told yet, because nobody has said which space and when,
 * is told as soon as that is known.
 */
export function acompanhar(antes: ReservaAcompanhada, fato: Fato, contexto: Contexto): Consequencia {
  switch (fato.tipo) {
    case 'CRIADA':
      return criada(antes, fato, contexto);
    case 'CONFIRMADA':
      return confirmada(antes, fato, contexto);
    case 'CANCELADA':
      return cancelada(antes, fato, contexto);
    case 'EXPIRADA':
      return expirada(antes, fato);
    case 'COBRANCA_CRIADA':
      return cobrada(antes, fato, contexto);
    case 'CARTAO_RECUSADO':
      return recusada(antes, fato, contexto);
    case 'VAGA_OFERECIDA':
      return oferecida(antes, fato, contexto);
    case 'ESTORNO_CONCLUIDO':
      return estornada(antes, fato);
  }
}

type Sobre<T extends Fato['tipo']> = Extract<Fato, { tipo: T }>;

function criada(
  antes: ReservaAcompanhada,
  { versao, detalhes, expiraEm }: Sobre<'CRIADA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, versao, detalhes), expiraEm, recusas: [] };
  const recusas = antes.recusas.flatMap((eventoId) => avisoDeRecusa(depois, eventoId, agora));
  return { depois, mensagens: [...avisoDeExpiracao(depois), ...recusas], retirar: [] };
}

function confirmada(
  antes: ReservaAcompanhada,
  { versao, dados }: Sobre<'CONFIRMADA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, versao, detalhesDe(dados)), confirmadaNaVersao: versao };
  if (antes.canceladaNaVersao > 0) return nada(depois);
  // The fact may come weeks late, as a dead letter that is sent again.
  const aviso: Rascunho = { modelo: 'RESERVA_CONFIRMADA', dados, validaAte: new Date(dados.fim) };
  return {
    depois,
    mensagens: [aviso, ...lembrete(dados, agora)],
    retirar: ['PAGAMENTO_RECUSADO', 'RESERVA_EXPIRADA', 'VAGA_OFERECIDA'],
  };
}

function cancelada(
  antes: ReservaAcompanhada,
  { versao, dados, desistencia }: Sobre<'CANCELADA'>,
  { confirmacaoEscrita }: Contexto,
): Consequencia {
  const aviso: Rascunho = {
    modelo: 'RESERVA_CANCELADA',
    dados: { ...dados, comCalendario: confirmacaoEscrita },
  };
  return {
    depois: { ...comDetalhes(antes, versao, detalhesDe(dados)), canceladaNaVersao: versao },
    // Whoever gives up what they have not paid knows it, and a loop of that must not fill a mailbox.
    mensagens: desistencia ? [] : [aviso],
    retirar: [
      'RESERVA_CONFIRMADA',
      'LEMBRETE_RESERVA',
      'PAGAMENTO_RECUSADO',
      'RESERVA_EXPIRADA',
      'VAGA_OFERECIDA',
    ],
  };
}

function expirada(antes: ReservaAcompanhada, { versao }: Sobre<'EXPIRADA'>): Consequencia {
  const depois = { ...antes, expiradaNaVersao: versao };
  return {
    depois,
    mensagens: avisoDeExpiracao(depois),
    retirar: ['PAGAMENTO_RECUSADO', 'VAGA_OFERECIDA'],
  };
}

function cobrada(
  antes: ReservaAcompanhada,
  { versao, checkoutUrl, creditosCentavos }: Sobre<'COBRANCA_CRIADA'>,
  { agora }: Contexto,
): Consequencia {
  if (versao <= antes.checkoutDaVersao) return nada(antes);
  const depois = { ...antes, checkoutUrl, checkoutDaVersao: versao };
  const mensagens = avisoDeOferta(depois, agora, creditosCentavos);
  // Who has accepted pays the rest at another address: the one before is worth nothing any more.
  return { depois, mensagens, retirar: creditosCentavos && depois.oferta ? ['VAGA_OFERECIDA'] : [] };
}

/** The offer is made with the reservation, so what it says of the space is as old as that. */
function oferecida(
  antes: ReservaAcompanhada,
  { detalhes, oferta }: Sobre<'VAGA_OFERECIDA'>,
  { agora }: Contexto,
): Consequencia {
  const depois = { ...comDetalhes(antes, 1, detalhes), oferta };
  return { depois, mensagens: avisoDeOferta(depois, agora), retirar: [] };
}

function recusada(
  antes: ReservaAcompanhada,
  { eventoId }: Sobre<'CARTAO_RECUSADO'>,
  { agora }: Contexto,
): Consequencia {
  const espera = antes.detalhes === undefined || antes.expiraEm === undefined;
  if (espera) return nada({ ...antes, recusas: [...new Set([...antes.recusas, eventoId])] });
  return { depois: antes, mensagens: avisoDeRecusa(antes, eventoId, agora), retirar: [] };
}

/** Money that is back is told whatever became of the reservation, also when nothing else is known of it. */
function estornada(antes: ReservaAcompanhada, { numero, dados }: Sobre<'ESTORNO_CONCLUIDO'>): Consequencia {
  const reserva = antes.detalhes && { reserva: antes.detalhes };
  const fato = `${dados.pagamentoId}/${numero}`;
  return {
    depois: antes,
    mensagens: [{ modelo: 'ESTORNO_CONCLUIDO', dados: { ...dados, ...reserva }, fato }],
    retirar: [],
  };
}

/** A day before the start, or at once when that is over; not when the start is so near that nobody needs it. */
function lembrete(dados: DadosReservaConfirmada, agora: Date): Rascunho[] {
  const inicio = new Date(dados.inicio);
  if (inicio.getTime() - agora.getTime() < SEM_LEMBRETE_MS) return [];
  const vespera = inicio.getTime() - ANTECEDENCIA_LEMBRETE_MS;
  const devidaEm = new Date(Math.max(vespera, agora.getTime()));
  const { espacoEndereco } = dados;
  return [
    {
      modelo: 'LEMBRETE_RESERVA',
      dados: { ...detalhesDe(dados), espacoEndereco },
      devidaEm,
      validaAte: inicio,
    },
  ];
}

/** Unless the reservation was paid late, which is newer, or cancelled. */
function avisoDeExpiracao(reserva: ReservaAcompanhada): Rascunho[] {
  const { detalhes, expiradaNaVersao, confirmadaNaVersao, canceladaNaVersao, oferta } = reserva;
  const vale = expiradaNaVersao > confirmadaNaVersao && canceladaNaVersao === 0;
  if (!vale || detalhes === undefined) return [];
  const daFila = oferta !== undefined && !oferta.porPessoa;
  return [{ modelo: 'RESERVA_EXPIRADA', dados: daFila ? { ...detalhes, ofertaDaFila: true } : detalhes }];
}

/** Only while another card can still be tried. */
function avisoDeRecusa(reserva: ReservaAcompanhada, eventoId: string, agora: Date): Rascunho[] {
  const { detalhes, expiraEm, checkoutUrl } = reserva;
  if (detalhes === undefined || expiraEm === undefined || expiraEm <= agora || decidida(reserva)) return [];
  const dados = { ...detalhes, expiraEm: expiraEm.toISOString(), checkoutUrl };
  return [{ modelo: 'PAGAMENTO_RECUSADO', dados, fato: eventoId, validaAte: expiraEm }];
}

/** Once there is a place to pay, if there is something to pay, and only while that helps. */
function avisoDeOferta(reserva: ReservaAcompanhada, agora: Date, creditosCentavos?: string): Rascunho[] {
  const { detalhes, oferta, checkoutUrl } = reserva;
  if (detalhes === undefined || oferta === undefined || decidida(reserva)) return [];
  const validaAte = new Date(oferta.expiraEm);
  if (validaAte <= agora || (checkoutUrl === '' && oferta.valorCentavos !== '0')) return [];
  const dados = { ...detalhes, ...oferta, checkoutUrl };
  if (creditosCentavos === undefined) return [{ modelo: 'VAGA_OFERECIDA', dados, validaAte }];
  return [{ modelo: 'VAGA_OFERECIDA', dados: { ...dados, creditosCentavos }, fato: 'resto', validaAte }];
}

const decidida = (reserva: ReservaAcompanhada): boolean =>
  reserva.confirmadaNaVersao > 0 || reserva.canceladaNaVersao > 0 || reserva.expiradaNaVersao > 0;

function comDetalhes(
  antes: ReservaAcompanhada,
  versao: number,
  detalhes: DetalhesDaReserva,
): ReservaAcompanhada {
  return versao > antes.detalhesDaVersao ? { ...antes, detalhes, detalhesDaVersao: versao } : antes;
}

const detalhesDe = ({ reservaId, espacoNome, inicio, fim, fusoHorario }: DetalhesDaReserva) => ({
  reservaId,
  espacoNome,
  inicio,
  fim,
  fusoHorario,
});

const nada = (depois: ReservaAcompanhada): Consequencia => ({ depois, mensagens: [], retirar: [] });

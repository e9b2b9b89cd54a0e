import { NADA, type Parte } from '../../livros/livros.ts';
import type { ComoReservar } from '../atos.ts';
import type { Bancada } from '../bancada.ts';
import { type Cena, cenaDe, type Elenco, type Palco, type Pessoa } from '../palco.ts';

/** Something that is done as soon as it can be. */
export interface Passo {
  quando(palco: Palco): boolean;
  fazer(palco: Palco): Promise<unknown> | unknown;
}

/** What has become of one reservation in the end, as its customer sees it; cents. */
export interface Desfecho {
  readonly quem: Pessoa;
  readonly reserva: string;
  readonly cartao: Parte;
  readonly creditos: Parte;
  /** Templates of all e-mails. Who cancels at once is not told that it was confirmed. */
  readonly emails: readonly string[];
}

/** What has become of everything. */
export interface FimDoCenario {
  /** In the order of {@link Palco.cenas}. */
  readonly reservas: readonly Desfecho[];
  /** Credit that somebody has; cents. */
  readonly saldos: Readonly<Partial<Record<Pessoa, number>>>;
  /** Status of places in line. */
  readonly fila: Readonly<Partial<Record<Pessoa, string>>>;
}

export interface Cenario {
  /** Completes "a customer who ...". */
  readonly nome: string;
  /** Hours until Ana's reservation begins: they decide what a cancellation gives back. */
  readonly emHoras: number;
  /** How it is booked. */
  readonly como?: Pick<ComoReservar, 'porOutro' | 'datas'>;
  /** Before anything happens. */
  readonly antes?: (bancada: Bancada, elenco: Elenco) => Promise<void> | void;
  /** One after the other, each when it can be done; messages travel meanwhile. */
  readonly passos: readonly Passo[];
  readonly fim: FimDoCenario;
}

/** A step about one reservation, with everything else beside it. */
interface PassoDeUma {
  quando(cena: Cena, palco: Palco): boolean;
  fazer(cena: Cena, palco: Palco): Promise<unknown> | unknown;
}

/** @param data which of their reservations, by its date from 0; without it the latest */
export function de(quem: Pessoa, { quando, fazer }: PassoDeUma, data?: number): Passo {
  return {
    quando: (palco) => quando(cenaDe(palco, quem, data), palco),
    fazer: (palco) => fazer(cenaDe(palco, quem, data), palco),
  };
}

/** Steps about the reservation with which everything begins. */
export const daAna = (...passos: PassoDeUma[]): Passo[] => passos.map((passo) => de('ana', passo, 0));

/** Waits until something has come about. */
export const espera = (quando: PassoDeUma['quando']): PassoDeUma => ({ quando, fazer: () => {} });

export const MINUTO_MS = 60_000;

export const sempre = () => true;
export const podePagar = ({ pagamento }: Cena) => pagamento.sessaoId !== null;
export const estar =
  (...status: string[]) =>
  ({ reserva }: Cena) =>
    status.includes(reserva);
export const confirmada = estar('CONFIRMADA');
export const cancelada = estar('CANCELADA');
export const expirada = estar('EXPIRADA');

const sessao = ({ pagamento }: Cena): string => pagamento.sessaoId ?? '';

export const pagar = (cena: Cena, { bancada }: Palco) => bancada.stripe.pay(sessao(cena));
export const recusar = (cena: Cena, { bancada }: Palco) => bancada.stripe.decline(sessao(cena));
export const cancelar = ({ reservaId, quem }: Cena, { bancada, elenco }: Palco) =>
  bancada.cancelar(reservaId, elenco[quem]);
export const aceitar = ({ reservaId, quem }: Cena, { bancada, elenco }: Palco) =>
  bancada.aceitar(reservaId, elenco[quem]);
/** The hold runs out. */
export const esgotar = (_: unknown, { bancada }: Palco) => bancada.clock.advance(16 * MINUTO_MS);

export const PAGA: PassoDeUma = { quando: podePagar, fazer: pagar };
export const CANCELA: PassoDeUma = { quando: confirmada, fazer: cancelar };

export const comCredito =
  (centavos: bigint, quem: Pessoa = 'ana') =>
  (bancada: Bancada, elenco: Elenco) =>
    bancada.darCredito(elenco[quem], centavos);

/** One hour at R$ 100,01 and the cleaning fee. */
export const PRECO = 150_01;
export const PAGO: Parte = { pago: PRECO, devolvido: 0 };
export const DEVOLVIDO: Parte = { pago: PRECO, devolvido: PRECO };
/** Rounded half up. */
export const METADE: Parte = { pago: PRECO, devolvido: 75_01 };

export const CONFIRMADA = 'RESERVA_CONFIRMADA';
export const CANCELADA = 'RESERVA_CANCELADA';
export const EXPIRADA = 'RESERVA_EXPIRADA';
export const ESTORNO = 'ESTORNO_CONCLUIDO';
export const OFERTA = 'VAGA_OFERECIDA';
export const FALHA = 'ESTORNO_FALHOU';
export const RECUSADO = 'PAGAMENTO_RECUSADO';
export const LEMBRETE = 'LEMBRETE_RESERVA';

/** What a customer need not be told when the next news is quicker. */
export const PODEM_FALTAR: readonly string[] = [RECUSADO, CONFIRMADA, LEMBRETE, OFERTA];

interface Resto {
  readonly quem?: Pessoa;
  readonly creditos?: Parte;
}

export function desfecho(
  reserva: string,
  cartao: Parte,
  emails: readonly string[],
  { quem = 'ana', creditos = NADA }: Resto = {},
): Desfecho {
  return { quem, reserva, cartao, creditos, emails: [...emails].sort() };
}

/** How a single reservation ends. */
export function fim(
  reserva: string,
  cartao: Parte,
  emails: readonly string[],
  { creditos = NADA, saldo }: { readonly creditos?: Parte; readonly saldo?: number } = {},
): FimDoCenario {
  const saldos = saldo === undefined ? {} : { ana: saldo };
  return { reservas: [desfecho(reserva, cartao, emails, { creditos })], saldos, fila: {} };
}

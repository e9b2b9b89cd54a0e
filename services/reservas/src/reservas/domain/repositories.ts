import type { Result } from '@plataforma/domain/result';
import type { EspacoIndisponivelError } from '../../agenda/domain/alternativas.ts';
import type { Ocupacoes } from '../../agenda/domain/vizinhanca.ts';
import type { Compromissos } from '../../espacos/domain/limites-de-pendentes.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { Cotacao } from './cotacao.ts';
import type { Reserva } from './reserva.ts';

/** What time does to a reservation: its hold runs out, an answer or a refund is overdue, it is over. */
export type Prazo = 'ESPERA' | 'RESPOSTA' | 'DEVOLUCAO' | 'TERMINO';

/** Whose reservations are asked for, and what counts. */
export interface PerguntaDeCompromissos {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly entre: Pick<PeriodoReserva, 'inicio' | 'fim'>;
  readonly agora: Date;
  /** Whether what the waitlist holds for the customer, or has held, counts like what they made themselves. */
  readonly comOfertas: boolean;
}

/** Reservations, within one transaction. */
export interface ReservasRepository extends Ocupacoes {
  /**
   * Lets one booking at a time pass per customer and per space, until the transaction ends. Always customer first:
   * two bookings then never wait for each other in a circle.
   */
  travar(clienteId: string, espacoId: string): Promise<void>;
  /**
   * Like `travar`, but does not wait for the space: false while somebody else has its lock. What is read then is what was
   * committed, and the lock still has to be taken before anything is decided by what is not there.
   */
  tentarTravar(clienteId: string, espacoId: string): Promise<boolean>;
  /**
   * The lock of the space alone. May be asked for with a reservation locked: a transaction that holds it waits for no
   * reservation that is stored already.
   */
  travarEspaco(espacoId: string): Promise<void>;
  /** The lock of the customer after that of a space: never waits. False when somebody else has it. */
  tentarTravarCliente(clienteId: string): Promise<boolean>;
  /**
   * Locks the reservations that are due, oldest first, leaving out those that somebody else has locked, so several workers
   * share them; and those that are put off.
   */
  vencidas(prazo: Prazo, agora: Date, maximo: number): Promise<Reserva[]>;
  /** The identities of those; locks nothing. */
  idsVencidas(prazo: Prazo, agora: Date, maximo: number): Promise<string[]>;
  /** Locks the reservation when it is due and no other transaction has it. */
  vencida(prazo: Prazo, agora: Date, id: string): Promise<Reserva | undefined>;
  /** Locks the reservation until the transaction ends. */
  findById(id: string): Promise<Reserva | undefined>;
  /** What the customer has, and what of the space they have let go between two instants. */
  compromissos(pergunta: PerguntaDeCompromissos): Promise<Compromissos>;
  /** Fails when somebody else has the slot; the transaction goes on. */
  add(reserva: Reserva): Promise<Result<void, EspacoIndisponivelError>>;
  /** @throws ReservaMudouError when it is no longer as it was read; nothing of the transaction may be stored then. */
  save(reserva: Reserva): Promise<void>;
  /** Asks pagamentos to give back what was paid for a reservation that does not exist. */
  devolverPagamento(reservaId: string, pagamentoId: string, em: Date): Promise<void>;
}

/** Somebody else has changed the reservation since it was read. Never happens to one that was locked when it was read. */
export class ReservaMudouError extends Error {
  override readonly name = 'ReservaMudouError';

  constructor(id: string) {
    super(`reservation ${id} has changed since it was read`);
  }
}

/** Quotes, within one transaction; they never change. */
export interface CotacoesRepository {
  findById(id: string): Promise<Cotacao | undefined>;
  add(cotacao: Cotacao): Promise<void>;
}

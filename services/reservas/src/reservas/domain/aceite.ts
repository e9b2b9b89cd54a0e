import { aguardaPagamento } from '../../agenda/domain/status-reserva.ts';
import type { EstadoReserva } from './estado-reserva.ts';

/** Who makes the reservation that the waitlist offers. */
export const OFERTANTE = 'servico:reservas';

type Feita = Pick<EstadoReserva, 'clienteId' | 'criadaPor'>;

/** Whether somebody else holds it for the customer: then nothing of the customer's is spent before they say so. */
export function feitaPorOutro({ clienteId, criadaPor }: Feita): boolean {
  return criadaPor !== clienteId;
}

/** Whether a person booked it for the customer, not the waitlist. */
export function oferecidaPorPessoa(reserva: Feita): boolean {
  return feitaPorOutro(reserva) && reserva.criadaPor !== OFERTANTE;
}

/** Whether it waits for its customer to accept it, by saying so or by paying. */
export function aguardaAceite(
  reserva: Pick<EstadoReserva, 'clienteId' | 'criadaPor' | 'aceitaEm' | 'status'>,
): boolean {
  return feitaPorOutro(reserva) && reserva.aceitaEm === undefined && aguardaPagamento(reserva.status);
}

/**
 * What accepting it now means: it is accepted or paid already, it is too late, or there is something to do. Who booked for
 * themselves has accepted by that, and says so again to have their credit used.
 */
export function julgarAceite(
  { status, aceitaEm, expiraEm }: Pick<EstadoReserva, 'status' | 'aceitaEm' | 'expiraEm'>,
  em: Date,
): 'FEITO' | 'TARDE_DEMAIS' | 'CABE' {
  if (status === 'CONFIRMADA' || status === 'CONCLUIDA') return 'FEITO';
  if (!aguardaPagamento(status) || status === 'EXPIRANDO' || em >= expiraEm) return 'TARDE_DEMAIS';
  return aceitaEm === undefined ? 'CABE' : 'FEITO';
}

/** Whether the charge leaves the customer's credit alone: they want to keep it, or have not accepted yet. */
export function semCreditos(
  reserva: Pick<EstadoReserva, 'clienteId' | 'criadaPor' | 'aceitaEm' | 'guardarCreditos'>,
): boolean {
  return reserva.guardarCreditos || (feitaPorOutro(reserva) && reserva.aceitaEm === undefined);
}

/** The customer who is booked for has no account here, or a suspended one. */

import { answersOf } from '@plataforma/domain/answers-of';
import { Result } from '@plataforma/domain/result';
import { aguardaPagamento } from '../../agenda/domain/status-reserva.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../domain/recusas-da-reserva.ts';
import type { Reserva } from '../domain/reserva.ts';
import type { Transacao } from './ports.ts';

type Mudanca<E extends Error> = (reserva: Reserva) => Result<void, E> | Promise<Result<void, E>>;

/** Loads a reservation under its lock, applies one change, and stores it if anything changed. */
export async function alterarReserva<E extends Error>(
  tx: Pick<Transacao, 'reservas' | 'promessas'>,
  reservaId: string,
  mudar: Mudanca<E>,
): Promise<Result<EstadoReserva, E | ReservaNaoEncontradaError>> {
  const reserva = await tx.reservas.findById(reservaId);
  if (!reserva) return Result.fail(new ReservaNaoEncontradaError());
  return mudarReserva(tx, reserva, mudar);
}

/**
 * The same for a reservation that this transaction has loaded under its lock.
 *
 * @param junto writes what belongs to the change, in the same round trip.
 */
export async function mudarReserva<E extends Error>(
  tx: Pick<Transacao, 'reservas' | 'promessas'>,
  reserva: Reserva,
  mudar: Mudanca<E>,
  junto: () => Promise<void> = async () => {},
): Promise<Result<EstadoReserva, E>> {
  const { versao, status } = reserva.estado;
  const mudada = await mudar(reserva);
  if (mudada.isFailure) return mudada;
  // While it waits for its payment, nothing is decided for a place in line.
  const decidida = reserva.estado.status !== status && !aguardaPagamento(reserva.estado.status);
  await answersOf([
    reserva.estado.versao === versao ? undefined : tx.reservas.save(reserva),
    decidida ? tx.promessas.acompanhar(reserva.estado) : undefined,
    junto(),
  ]);
  return Result.ok(reserva.estado);
}

import { Result } from '@plataforma/domain/result';
import type { EstadoReserva } from '../../domain/estado-reserva.ts';
import { type Reserva, ReservaNaoEncontradaError } from '../../domain/reserva.ts';
import { acompanharOferta } from '../fila.ts';
import type { Repositorios } from '../ports.ts';

/** Loads a reservation under its lock, applies one change, and stores it if anything changed. */
export async function alterarReserva<E extends Error>(
  tx: Repositorios,
  reservaId: string,
  mudar: (reserva: Reserva) => Result<void, E> | Promise<Result<void, E>>,
): Promise<Result<EstadoReserva, E | ReservaNaoEncontradaError>> {
  const reserva = await tx.reservas.porId(reservaId);
  if (!reserva) return Result.fail(new ReservaNaoEncontradaError());
  const { versao, status } = reserva.estado;
  const mudada = await mudar(reserva);
  if (mudada.isFailure) return mudada;
  if (reserva.estado.versao !== versao) await tx.reservas.save(reserva);
  if (reserva.estado.status !== status) await acompanharOferta(tx, reserva.estado);
  return Result.ok(reserva.estado);
}

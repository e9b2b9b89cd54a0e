import { STATUS_AGUARDANDO, STATUS_OCUPANTES, type StatusReserva } from '../domain/status-reserva.ts';

/** The predicate of the exclusion constraints, literally, so that the planner can use their indexes. */
export const OCUPA_SQL = statusEm(STATUS_OCUPANTES);

export const AGUARDA_SQL = statusEm(STATUS_AGUARDANDO);

function statusEm(lista: readonly StatusReserva[]): string {
  return `status in (${lista.map((status) => `'${status}'`).join(', ')})`;
}

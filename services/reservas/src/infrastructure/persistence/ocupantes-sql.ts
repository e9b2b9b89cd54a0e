import { STATUS_OCUPANTES } from '../../domain/status-reserva.ts';

/** The predicate of the exclusion constraints, literally, so that the planner can use their indexes. */
export const OCUPA_SQL = `status in (${STATUS_OCUPANTES.map((status) => `'${status}'`).join(', ')})`;

import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { Plataforma } from '@plataforma/cliente/plataforma';
import { type Reserva, StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { misused } from '@plataforma/runtime/command-line';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { isReserva } from '../events/request.ts';
import { VerbError } from './running-stack.ts';

/** The one word of a verb that is about one reservation. */
export function reservaWord(verb: string, [id]: readonly string[]): string {
  if (id === undefined) return misused(verb, 'no reservation was named');
  if (!isReserva(id)) return misused(verb, `"${id}" is no reservation`);
  return id;
}

/** A reservation as it is now. */
export const reservaById = (plataforma: Plataforma, reservaId: string): Promise<Reserva> =>
  plataforma.client(ReservasService).obterReserva({ reservaId });

/** In one line: identity, status, where and when. */
export function lineOf(reserva: Reserva): string {
  const { id, espacoNome, dataInicio } = reserva;
  return `${id} ${statusOf(reserva)} ${espacoNome}, ${dataInicio ? timestampDate(dataInicio).toISOString() : ''}`;
}

/** The word of its status. */
export const statusOf = ({ status }: Reserva): string => nameFrom(StatusReserva, status) ?? `${status}`;

/** Session of its checkout at the Stripe stand-in. @throws VerbError when there is nothing to pay. */
export function checkoutOf(reserva: Reserva): string {
  const session = /(cs_\w+)$/.exec(reserva.checkoutUrl)?.[1];
  if (reserva.status !== StatusReserva.PENDENTE_PAGAMENTO || session === undefined)
    throw new VerbError(`${reserva.id} is ${statusOf(reserva)}: there is nothing to pay`);
  return session;
}

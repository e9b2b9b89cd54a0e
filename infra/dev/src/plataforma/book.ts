import type { Plataforma } from '@plataforma/cliente/plataforma';
import { poll } from '@plataforma/cliente/poll';
import type { Espaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { type Reserva, StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { firstFreeSlot, NoFreeSlotError } from '../demo/booking.ts';
import { lineOf } from './reserva.ts';
import { asAdministrator, runningStack, VerbError } from './running-stack.ts';

const HELP = `npm run plataforma -- book [--espaco esp_...]

Books two hours in the first slot that is free, as the administrator of the local stack, and prints the reservation and the
address to pay at.

  --espaco   the space; the first one of the list when left out`;

/** `book`: a reservation to work with. */
export async function book(args: readonly string[]): Promise<void> {
  const options = { espaco: { type: 'string' } } as const;
  const { values } = readCommandLine({ name: 'book', help: HELP, options }, args);
  await asAdministrator(await runningStack(), async (plataforma) => {
    const reserva = await reserve(plataforma, await espacoOf(plataforma, values.espaco));
    console.log(`${lineOf(reserva)}\npay at ${reserva.checkoutUrl}`);
    console.log(`next: npm run plataforma -- pay ${reserva.id}   (or decline, listen, time)`);
  });
}

async function espacoOf(plataforma: Plataforma, espacoId: string | undefined): Promise<Espaco> {
  const espacos = plataforma.client(EspacosService);
  if (espacoId !== undefined) return espacos.obterEspaco({ espacoId });
  const [first] = (await espacos.listarEspacos({ pageSize: 1 })).espacos;
  if (first === undefined) throw new VerbError('there is no space to book');
  return first;
}

async function reserve(plataforma: Plataforma, { id }: Espaco): Promise<Reserva> {
  const reservas = plataforma.client(ReservasService);
  const { cotacao, pedido } = await firstFreeSlot(reservas, { espacoId: id }).catch((error: unknown) => {
    throw error instanceof NoFreeSlotError ? new VerbError(error.message) : error;
  });
  const reserva = await reservas.criarReserva({ ...pedido, cotacaoId: cotacao.id });
  if (reserva.status !== StatusReserva.PENDENTE_COBRANCA) return reserva;
  return poll(() => reservas.obterReserva({ reservaId: reserva.id }), {
    until: ({ status }) => status !== StatusReserva.PENDENTE_COBRANCA,
  });
}

import { poll } from '@plataforma/cliente/poll';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { checkoutOf, lineOf, reservaById, reservaWord } from './reserva.ts';
import { asAdministrator, askStripe, runningStack } from './running-stack.ts';

const HELP = `npm run plataforma -- pay <res_...>

Pays a reservation of the local stack as a customer does on the checkout page of the Stripe stand-in, and waits until the
platform has heard of it.`;

/** `pay`: what the card of a customer would do. */
export async function pay(args: readonly string[]): Promise<void> {
  const { words } = readCommandLine({ name: 'pay', help: HELP, words: 1 }, args);
  const id = reservaWord('pay', words);
  const stack = await runningStack();
  await asAdministrator(stack, async (plataforma) => {
    const session = checkoutOf(await reservaById(plataforma, id));
    await askStripe(stack, 'POST', `sessions/${session}/pay`);
    const paid = await poll(() => reservaById(plataforma, id), {
      until: ({ status }) => status !== StatusReserva.PENDENTE_PAGAMENTO,
      intervalMs: 200,
    });
    console.log(lineOf(paid));
  });
}

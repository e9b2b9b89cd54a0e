import { timestampDate } from '@bufbuild/protobuf/wkt';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { checkoutOf, lineOf, reservaById, reservaWord } from './reserva.ts';
import { asAdministrator, askStripe, runningStack } from './running-stack.ts';

const HELP = `npm run plataforma -- decline <res_...>

Has the card of a customer declined on the checkout page of the Stripe stand-in. That is not final: another card may be
tried until the hold ends.`;

/** `decline`: what a card without cover would do. */
export async function decline(args: readonly string[]): Promise<void> {
  const { words } = readCommandLine({ name: 'decline', help: HELP, words: 1 }, args);
  const id = reservaWord('decline', words);
  const stack = await runningStack();
  await asAdministrator(stack, async (plataforma) => {
    await askStripe(stack, 'POST', `sessions/${checkoutOf(await reservaById(plataforma, id))}/decline`);
    const reserva = await reservaById(plataforma, id);
    const until = reserva.expiraEm ? timestampDate(reserva.expiraEm).toISOString() : 'its end';
    console.log(`${lineOf(reserva)}\nthe card was declined; the slot is held until ${until}`);
  });
}

import { connect } from '@nats-io/transport-node';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { natsOfStack } from '../stack/nats-of-stack.ts';
import { lineOf, reservaById, reservaWord } from './reserva.ts';
import { asAdministrator, runningStack, VerbError } from './running-stack.ts';

const HELP = `npm run plataforma -- listen <res_...>

Prints the events that say something of a reservation, of all services, as they come. Ends with the reservation, or by
Ctrl-C. "npm run events" prints those of everything.`;

/** Nothing of importance follows: what is left, such as a refund, has events of its own payment. */
const LAST = /^reservas\.v1\.Reserva(Cancelada|Expirada|Concluida)$/;

/** `listen`: one reservation, while it happens. */
export async function listen(args: readonly string[]): Promise<void> {
  const { words } = readCommandLine({ name: 'listen', help: HELP, words: 1 }, args);
  const id = reservaWord('listen', words);
  const stack = await runningStack();
  const { servers, ...access } = await natsOfStack();
  const nats = await connect({ ...access, servers: [...servers], name: 'listen', timeout: 3_000 }).catch(
    (error) => {
      throw new VerbError(`cannot listen at ${servers}: ${error.message}`);
    },
  );
  try {
    const events = nats.subscribe('*.v1.*');
    process.once('SIGINT', () => events.unsubscribe());
    // Behind the subscription: what happens meanwhile is not missed.
    const now = await asAdministrator(stack, (plataforma) => reservaById(plataforma, id));
    console.log(`${lineOf(now)}\nlistening (Ctrl-C ends)`);
    for await (const message of events) {
      // Deliveries to the services' own consumers pass by as well, under the subject of the event.
      if (message.reply?.startsWith('$JS.ACK') || !message.string().includes(`"${id}"`)) continue;
      console.log(`${new Date().toISOString()} ${message.subject} ${message.string()}`);
      if (LAST.test(message.subject)) break;
    }
  } finally {
    await nats.close();
  }
}

/** `npm run events`: prints events as they are published, like the NATS CLI's `sub`, and those that are stored. */
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { natsOfStack } from '../stack/nats-of-stack.ts';
import { HELP, isReserva, OPTIONS, ofReserva, sinceOf, told } from './request.ts';
import { followEvents, type StoredEvent, storedEvents } from './stored-events.ts';

const NAME = 'events';
const { words, values } = readCommandLine({ name: NAME, words: 1, help: HELP, options: OPTIONS });
const [subject = '>'] = words;
const { reserva, desde, seguir, cabecalhos } = values;
const now = new Date();
const since = desde === undefined ? undefined : sinceOf(desde, now);

if (reserva !== undefined && !isReserva(reserva))
  misused(NAME, `--reserva wants the id of a reservation, not "${reserva}"`);
if (desde !== undefined && !since) misused(NAME, `--desde wants 1h, 30m, 2d or an instant, not "${desde}"`);

const print = (event: StoredEvent) => console.log(told(event, cabecalhos));

try {
  const { servers, ...access } = await natsOfStack();
  const nats = await connect({ ...access, servers: [...servers], name: NAME, timeout: 3_000 }).catch(
    (error: Error) => {
      throw new Error(`cannot listen at ${servers}: ${error.message}. Is "npm start" running?`);
    },
  );
  process.once('SIGINT', () => void nats.close());
  await (reserva === undefined && desde === undefined ? listen(nats, servers) : tell(nats));
} catch (error) {
  console.error(`${NAME}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** As they pass by, dead letters among them. */
async function listen(nats: NatsConnection, servers: readonly string[]): Promise<void> {
  console.log(`listening to "${subject}" at ${servers} (Ctrl-C ends)`);
  for await (const message of nats.subscribe(subject)) {
    // Deliveries to the services' own consumers pass by as well, under the subject of the event.
    if (/^(\$|_INBOX)/.test(message.subject) || message.reply?.startsWith('$JS.ACK')) continue;
    const at = BigInt(Date.now()) * 1_000_000n;
    print({ at, subject: message.subject, headers: message.headers, body: message.string() });
  }
}

/** What is stored, in order, and what comes after it if that is wanted. */
async function tell(nats: NatsConnection): Promise<void> {
  const wanted = { since, subject, ...(reserva && { filter: ofReserva(reserva) }) };
  const stored = await storedEvents(nats, wanted);
  for (const event of stored) print(event);
  if (!seguir) {
    if (stored.length === 0) console.error(`${NAME}: nothing is stored of that.`);
    return nats.close();
  }
  const seen = new Set(stored.map(keyOf));
  await followEvents(nats, { ...wanted, since: now }, (event) => {
    if (!seen.delete(keyOf(event))) print(event);
  });
}

/** No two events of a stream were stored in the same nanosecond. */
function keyOf({ at, subject: of }: StoredEvent): string {
  return `${at} ${of}`;
}

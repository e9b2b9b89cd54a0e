/** `npm run events -- 'reservas.>'`: prints events as they are published, like the NATS CLI's `sub`. */
import { connect } from '@nats-io/transport-node';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { natsOfStack } from './stack/nats-of-stack.ts';

const { words } = readCommandLine({
  name: 'events',
  words: 1,
  help: `npm run events -- ['subject']

Prints events as they are published, of one subject ('reservas.>', 'pagamentos.v1.PagamentoAprovado') or of all.
Listens at NATS_URL, or else to the local stack, wherever its ports were moved to. Ctrl-C ends it.`,
});
const [subject = '>'] = words;
const servers = await natsOfStack();

try {
  const nats = await connect({ servers, name: 'events', timeout: 3_000 });
  process.once('SIGINT', () => void nats.drain());
  console.log(`listening to "${subject}" at ${servers} (Ctrl-C ends)`);
  for await (const message of nats.subscribe(subject)) {
    // Deliveries to the services' own consumers pass by as well, under the subject of the event.
    if (/^(\$|_INBOX)/.test(message.subject) || message.reply?.startsWith('$JS.ACK')) continue;
    console.log(`${new Date().toISOString()} ${message.subject} ${message.string()}`);
  }
} catch (error) {
  console.error(
    `events: cannot listen at ${servers}: ${error instanceof Error ? error.message : String(error)}. Is "npm start" running?`,
  );
  process.exitCode = 1;
}

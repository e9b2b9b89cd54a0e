/** `npm run events -- 'reservas.>'`: prints events as they are published, like the NATS CLI's `sub`. */
import { type ConnectionOptions, connect } from '@nats-io/transport-node';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { natsOfStack } from './nats-of-stack.ts';

const { words } = readCommandLine({
  name: 'events',
  words: 1,
  help: `npm run events -- ['subject']

Prints events as they are published, of one subject ('reservas.>', 'pagamentos.v1.PagamentoAprovado') or of all.
Listens at NATS_URL (with NATS_USER and the other variables that the services read), or else to the local stack, wherever
its ports were moved to. Ctrl-C ends it.`,
});
const [subject = '>'] = words;

try {
  const { servers, ...access } = await natsOfStack();
  await listen({ ...access, servers: [...servers] });
} catch (error) {
  console.error(`events: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function listen(access: ConnectionOptions): Promise<void> {
  const nats = await connect({ ...access, name: 'events', timeout: 3_000 }).catch((error: Error) => {
    throw new Error(`cannot listen at ${access.servers}: ${error.message}. Is "npm start" running?`);
  });
  process.once('SIGINT', () => void nats.drain());
  console.log(`listening to "${subject}" at ${access.servers} (Ctrl-C ends)`);
  for await (const message of nats.subscribe(subject)) {
    // Deliveries to the services' own consumers pass by as well, under the subject of the event.
    if (/^(\$|_INBOX)/.test(message.subject) || message.reply?.startsWith('$JS.ACK')) continue;
    console.log(`${new Date().toISOString()} ${message.subject} ${message.string()}`);
  }
}

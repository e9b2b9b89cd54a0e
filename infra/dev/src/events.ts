/** `npm run events -- 'reservas.>'`: prints events as they are published, like the NATS CLI's `sub`. */
import { connect } from '@nats-io/transport-node';

const subject = process.argv[2] ?? '>';
const servers = process.env.NATS_URL || `nats://127.0.0.1:${process.env.NATS_PORT || 4222}`;

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

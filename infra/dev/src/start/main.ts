/** `npm start`: the whole platform on this machine, with one booking made before your eyes. */
import { Plataforma } from '@plataforma/cliente/plataforma';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { ClusterInUseError } from '@plataforma/testing/servers/postgres';
import { bookOnce } from '../demo/booking.ts';
import { RestClient } from '../demo/rest-client.ts';
import { seed } from '../demo/seed.ts';
import { addresses } from '../stack/addresses.ts';
import { dataFolder } from '../stack/data-folder.ts';
import { INTERRUPTED, interruption } from '../stack/interruption.ts';
import { portsFromEnv } from '../stack/ports.ts';
import { GivenUpError, type Witness } from '../stack/processes/supervisor.ts';
import { type Stack, startStack } from '../stack/stack.ts';

const HELP = `npm start [-- options]

Starts PostgreSQL, Redis, NATS, the Stripe stand-in, a mail inbox, stand-ins of the providers of messages with a page
of what they were given, a login issuer in the place of Google, the four services, the page about the API and the REST
edge, makes one booking, prints the addresses and stays up until Ctrl-C. A part that dies is started again; the stack stops when one of
them does not stay up.

  --once   stop after the booking; exit code 0 when it went through
  --help   this text

STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET use the real Stripe (test mode) instead of the stand-in; then the booking
is left to you, since nobody here can type a card number, or read a mailbox elsewhere. Variables of e-mail, SMS and push (EMAIL_PROVIDER,
SENDGRID_API_KEY, TWILIO_..., PUSH_...) reach notificacoes as they are: a provider whose key is there is the real one, another one is stood in for. Every port can be moved: EDGE_PORT, AUTH_GRPC_PORT,
POSTGRES_PORT, ... All of them listen on 127.0.0.1 and answer to its names only; LOCAL_HOSTS (names with commas between) adds
those of a tunnel. The data is kept in .plataforma/data ("npm run reset" clears it; PLATAFORMA_DATA names another folder).`;

const dataDir = dataFolder();
const interrupted = interruption();
/** What happens to parts that die, in the terminal of the person who watches. */
const WITNESS: Witness = {
  died: (part, { how }, delayMs) =>
    console.log(`  ✗ ${part} ended by itself (${how}); starting it again in ${delayMs / 1000} s`),
  serving: (part, ms) => line(part, 'up again', ms),
};

const { values } = readCommandLine({ name: 'start', help: HELP, options: { once: { type: 'boolean' } } });
await main(values.once ?? false);

async function main(once: boolean): Promise<void> {
  interrupted.addEventListener('abort', () => console.log('\nstopping ...'));
  let stack: Stack | undefined;
  try {
    stack = await startStack(
      {
        dataDir,
        ports: portsFromEnv(process.env),
        env: process.env,
        onStarted: (part, ms) => line(part, 'up', ms),
        // A run that only has to show one booking says so when something dies.
        ...(once ? {} : { supervisor: WITNESS }),
      },
      interrupted,
    );
    await run(stack, once);
  } catch (error) {
    process.exitCode = interrupted.aborted ? INTERRUPTED : 1;
    if (interrupted.aborted) return;
    console.error(`\n✗ ${reason(error)}`);
  } finally {
    if (stack && !interrupted.aborted) console.log('\nstopping ...');
    await stack?.stop();
    if (stack || interrupted.aborted) console.log('stopped');
  }
}

function reason(error: unknown): string {
  if (error instanceof ClusterInUseError)
    return `The platform is already running on this data: stop it first (Ctrl-C in its terminal). ${error.message}`;
  if (error instanceof GivenUpError) return `${error.message}\nIts whole log is in ${dataDir}/logs.`;
  return error instanceof Error ? error.message : String(error);
}

async function run(stack: Stack, once: boolean): Promise<void> {
  const url = `http://127.0.0.1:${stack.ports.EDGE_PORT}`;
  const mailbox = {
    inboxUrl: `http://127.0.0.1:${stack.ports.MAIL_WEB_PORT}`,
    messagesUrl: `http://127.0.0.1:${stack.ports.PROVIDERS_PORT}`,
  };
  const [espaco] = await Promise.race([seed(new RestClient(url), stack.secrets.adminPassword), stack.failed]);
  if (espaco === undefined) throw new Error('The seed made no space.');
  if (!stack.usesRealStripe && !stack.usesRealMail) {
    console.log('\none booking, from sign-up to e-mail:');
    const plataforma = new Plataforma({ url });
    const booking = bookOnce({ plataforma, espaco, mailbox, onStep: line });
    await Promise.race([booking, stack.failed, untilInterrupted()]);
  }
  if (once) return;
  console.log(addresses(stack, espaco.id));
  await Promise.race([untilInterrupted().catch(() => {}), stack.failed]);
}

function untilInterrupted(): Promise<never> {
  return new Promise((_, reject) => {
    if (interrupted.aborted) reject(interrupted.reason);
    interrupted.addEventListener('abort', () => reject(interrupted.reason));
  });
}

function line(title: string, outcome: string, ms: number): void {
  console.log(`  ✓ ${title.padEnd(16)} ${`${Math.round(ms)} ms`.padStart(8)}  ${outcome}`);
}

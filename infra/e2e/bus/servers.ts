import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Restartable, restartable } from '@plataforma/dev/stack/processes/restartable';
import { loadSecrets } from '@plataforma/dev/stack/secrets';
import { startStripeStandIn } from '@plataforma/dev/stripe/server';
import { connectEventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { createDataSource } from '@plataforma/runtime/postgres';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { SmtpInbox } from '../../../services/notificacoes/test/support/smtp-inbox.ts';
import { authStandIn } from '../../../services/reservas/test/auth-stand-in.ts';
import { SERVICES, type Service, serve } from '../torturer/rig.ts';

export type PerService<T> = Readonly<Record<Service, T>>;
type Database = ReturnType<typeof createDataSource>;

/** What was started, and is to be ended in the opposite order. */
export class Stack {
  readonly #parts: Array<() => Promise<unknown>> = [];

  put<T>(part: T, end: (part: T) => Promise<unknown>): T {
    this.#parts.push(() => end(part));
    return part;
  }

  async undo(): Promise<void> {
    for (const end of this.#parts.splice(0).reverse()) await end();
  }
}

/** Everything that the replicas share, with a view of it for the proof that no disturbance reaches. */
export type Servers = Awaited<ReturnType<typeof startServers>>;

export async function startServers(stack: Stack) {
  const newFolder = await mkdtemp(join(tmpdir(), 'plataforma-bus-'));
  const folder = stack.put(newFolder, (one) => rm(one, { recursive: true, force: true }));
  const secrets = await loadSecrets(folder);
  const inbox = stack.put(new SmtpInbox(), (one) => one.stop());
  await inbox.start();
  const issuer = stack.put(await createTestIssuer(), (one) => one.close());
  const auth = stack.put(
    await serve(
      authStandIn(issuer, [secrets.reservasSecret, secrets.notificacoesSecret]),
      issuer,
      'pagamentos',
    ),
    (one) => one.close(),
  );
  const redis = stack.put(await startRedis(), (one) => one.stop());
  // Without an address the stand-in keeps its webhooks: the proof carries them.
  const withoutAddress = await startStripeStandIn({ webhookSecrets: [secrets.webhookSecret] });
  const stripe = stack.put(withoutAddress, (one) => one.stop());
  const nats = stack.put(await restartableNats(join(folder, 'nats')), (one) => one.stop());
  const logger = createLogger({ service: 'bus', level: 'silent' });
  const connection = await connectEventBus({ servers: nats.server.url, name: 'proof', logger });
  const bus = stack.put(connection, (one) => one.close());
  // The part of auth that is heard on the bus is not played.
  await bus.ensureStream('AUTH', ['auth.v1.>']);
  const [urls, databases] = [{} as Record<Service, string>, {} as Record<Service, Database>];
  for (const service of SERVICES) {
    urls[service] = stack.put(await createTestDatabase(), (one) => one.drop()).url;
    databases[service] = stack.put(await open(urls[service]), (one) => one.destroy());
  }
  return { folder, secrets, inbox, issuer, auth, redis, stripe, nats, bus, urls, databases };
}

/** Again on the same port, with what it had stored, after a restart. */
async function restartableNats(dataDir: string): Promise<Restartable<NatsServer>> {
  let port: number | undefined;
  return restartable(async () => {
    const nats = await startNats({ dataDir, ...(port !== undefined && { port }) });
    port = nats.port;
    return nats;
  });
}

function open(url: string): Promise<Database> {
  const options = { url, applicationName: 'proof', entities: [], migrations: [], poolSize: 4 };
  return createDataSource(options).initialize();
}

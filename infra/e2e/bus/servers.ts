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
import { SERVICOS, type Servico, servir, tokens } from '../torturador/bancada.ts';

export type PorServico<T> = Readonly<Record<Servico, T>>;
type Banco = ReturnType<typeof createDataSource>;

/** What was started, and is to be ended in the opposite order. */
export class Pilha {
  readonly #partes: Array<() => Promise<unknown>> = [];

  por<T>(parte: T, fim: (parte: T) => Promise<unknown>): T {
    this.#partes.push(() => fim(parte));
    return parte;
  }

  async desfazer(): Promise<void> {
    for (const fim of this.#partes.splice(0).reverse()) await fim();
  }
}

/** Everything that the replicas share, with a view of it for the proof that no disturbance reaches. */
export type Servidores = Awaited<ReturnType<typeof subirServidores>>;

export async function subirServidores(pilha: Pilha) {
  const novaPasta = await mkdtemp(join(tmpdir(), 'plataforma-barramento-'));
  const pasta = pilha.por(novaPasta, (uma) => rm(uma, { recursive: true, force: true }));
  const secrets = await loadSecrets(pasta);
  const inbox = pilha.por(new SmtpInbox(), (uma) => uma.stop());
  await inbox.start();
  const issuer = pilha.por(await createTestIssuer(), (um) => um.close());
  const auth = pilha.por(await servir([tokens(issuer)], issuer, 'pagamentos'), (um) => um.close());
  const redis = pilha.por(await startRedis(), (um) => um.stop());
  // Without an address the stand-in keeps its webhooks: the proof carries them.
  const semEndereco = await startStripeStandIn({ webhookSecrets: [secrets.webhookSecret] });
  const stripe = pilha.por(semEndereco, (um) => um.stop());
  const nats = pilha.por(await subirNats(join(pasta, 'nats')), (um) => um.stop());
  const logger = createLogger({ service: 'barramento', level: 'silent' });
  const ligacao = await connectEventBus({ servers: nats.server.url, name: 'prova', logger });
  const bus = pilha.por(ligacao, (um) => um.close());
  // The part of auth that is heard on the bus is not played.
  await bus.ensureStream('AUTH', ['auth.v1.>']);
  const [urls, bancos] = [{} as Record<Servico, string>, {} as Record<Servico, Banco>];
  for (const servico of SERVICOS) {
    urls[servico] = pilha.por(await createTestDatabase(), (um) => um.drop()).url;
    bancos[servico] = pilha.por(await abrir(urls[servico]), (um) => um.destroy());
  }
  return { pasta, secrets, inbox, issuer, auth, redis, stripe, nats, bus, urls, bancos };
}

/** Again on the same port, with what it had stored, after a restart. */
async function subirNats(dataDir: string): Promise<Restartable<NatsServer>> {
  let port: number | undefined;
  return restartable(async () => {
    const nats = await startNats({ dataDir, ...(port !== undefined && { port }) });
    port = nats.port;
    return nats;
  });
}

function abrir(url: string): Promise<Banco> {
  const opcoes = { url, applicationName: 'prova', entities: [], migrations: [], poolSize: 4 };
  return createDataSource(opcoes).initialize();
}

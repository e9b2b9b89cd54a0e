import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeProcess } from '@plataforma/dev/stack/node-process';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { type Restartable, restartable } from '@plataforma/dev/stack/restartable';
import { loadSecrets } from '@plataforma/dev/stack/secrets';
import { portsOf, serviceEnv } from '@plataforma/dev/stack/service-env';
import { type StripeStandIn, startStripeStandIn } from '@plataforma/dev/stripe/server';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { createDataSource } from '@plataforma/runtime/postgres';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { SmtpInbox } from '../../services/notificacoes/test/support/smtp-inbox.ts';
import { SERVICOS, type Servico, servir, tokens } from './bancada.ts';
import { Linha } from './barramento-linha.ts';
import { Vigia } from './barramento-vigia.ts';
import type { Fontes } from './livros.ts';

/** One process of a service. */
export interface Replica {
  readonly nome: string;
  readonly servico: Servico;
  readonly linha: Linha;
  readonly processo: Restartable;
  readonly grpc: string;
  readonly http: string;
  /** How far its clock is ahead of true time. */
  readonly adiantadaMs: number;
  /** Calls of people that it has not answered. */
  chamadas: number;
  /** About to be stopped, or stopped: people do not call it. */
  emPartida: boolean;
  /** Stopped by a signal: it holds what it holds and does nothing. */
  congelada: boolean;
}

type DataSource = ReturnType<typeof createDataSource>;
type PorServico<T> = Readonly<Record<Servico, T>>;

/** Clocks of the two replicas of each service, in milliseconds ahead of true time. */
export type Relogios = PorServico<readonly [number, number]>;

/** What is written first where an event has an effect. */
const TRANCAS: PorServico<string> = {
  reservas: 'inbox',
  pagamentos: 'eventos_pagamento',
  notificacoes: 'inbox',
};

const RELOGIO = new URL('./barramento-relogio.ts', import.meta.url).href;

/**
 * Two processes of each service of the money flow over one PostgreSQL, Redis, NATS, SMTP server and Stripe stand-in, each
 * process with a clock and a line to NATS of its own.
 */
export class Barramento implements Fontes {
  readonly vigia: Vigia;
  readonly replicas: readonly Replica[];
  readonly nats: Restartable<NatsServer>;
  readonly stripe: StripeStandIn;
  readonly issuer: TestIssuer;
  /** A connection of the proof's own, which nobody disturbs. */
  readonly bus: EventBus;
  readonly segredoDosWebhooks: string;
  readonly bancos: PorServico<DataSource>;
  readonly #inbox: SmtpInbox;
  readonly #fechar: ReadonlyArray<() => Promise<unknown>>;

  private constructor(partes: Partes) {
    this.vigia = partes.vigia;
    this.replicas = partes.replicas;
    this.nats = partes.nats;
    this.stripe = partes.stripe;
    this.issuer = partes.issuer;
    this.bus = partes.bus;
    this.segredoDosWebhooks = partes.segredoDosWebhooks;
    this.bancos = partes.bancos;
    this.#inbox = partes.inbox;
    this.#fechar = partes.fechar;
  }

  static async montar(relogios: Relogios): Promise<Barramento> {
    const fechar: Array<() => Promise<unknown>> = [];
    try {
      return new Barramento(await montarPartes(relogios, fechar));
    } catch (error) {
      for (const parte of fechar.reverse()) await parte().catch(() => {});
      throw error;
    }
  }

  async desmontar(): Promise<void> {
    for (const replica of this.replicas) this.descongelar(replica);
    await Promise.all(this.replicas.map(({ processo }) => processo.stop()));
    for (const parte of [...this.#fechar].reverse()) await parte();
  }

  query: Fontes['query'] = (servico, sql, valores) => this.bancos[servico].query(sql, valores);

  ledger: Fontes['ledger'] = async () => this.stripe.control.ledger();

  emails: Fontes['emails'] = async () =>
    this.#inbox.recebidas.map(({ bruta }) => /^message-id: <([^@]+)@/im.exec(bruta)?.[1] ?? '');

  /** Replicas of a service that people can call. */
  vivas(servico: Servico): Replica[] {
    return this.replicas.filter((replica) => replica.servico === servico && !replica.emPartida);
  }

  /** Until it is opened again, what comes by the bus to this service can be begun, and not be finished. */
  async trancar(servico: Servico): Promise<() => Promise<void>> {
    const sql = this.bancos[servico].createQueryRunner();
    const abrir = async () => {
      await sql.query('rollback');
      await sql.release();
    };
    await sql.query('begin');
    // A replica that is frozen in the middle of its work keeps it from being locked, and everybody else, too.
    await sql.query(`lock table ${TRANCAS[servico]} in share mode`).catch(() => {});
    return abrir;
  }

  congelar(replica: Replica): void {
    replica.congelada = true;
    process.kill(replica.processo.server.pid, 'SIGSTOP');
  }

  descongelar(replica: Replica): void {
    if (!replica.congelada) return;
    process.kill(replica.processo.server.pid, 'SIGCONT');
    replica.congelada = false;
  }
}

interface Partes
  extends Pick<
    Barramento,
    'vigia' | 'replicas' | 'nats' | 'stripe' | 'issuer' | 'bus' | 'segredoDosWebhooks' | 'bancos'
  > {
  readonly inbox: SmtpInbox;
  readonly fechar: ReadonlyArray<() => Promise<unknown>>;
}

async function montarPartes(relogios: Relogios, fechar: Array<() => Promise<unknown>>): Promise<Partes> {
  const depois = <T>(parte: T, como: (parte: T) => Promise<unknown>): T => {
    fechar.push(() => como(parte));
    return parte;
  };
  const folder = depois(await mkdtemp(join(tmpdir(), 'plataforma-barramento-')), (pasta) =>
    rm(pasta, { recursive: true, force: true }),
  );
  const inbox = depois(new SmtpInbox(), (um) => um.stop());
  await inbox.start();
  const secrets = await loadSecrets(folder);
  const segredoDosWebhooks = secrets.webhookSecret;
  const issuer = depois(await createTestIssuer(), (um) => um.close());
  const redis = depois(await startRedis(), (um) => um.stop());
  // Without an address the stand-in keeps its webhooks: the proof carries them.
  const stripe = depois(await startStripeStandIn({ webhookSecrets: [segredoDosWebhooks] }), (um) =>
    um.stop(),
  );
  const nats = depois(await subirNats(join(folder, 'nats')), (um) => um.stop());
  const logger = createLogger({ service: 'barramento', level: 'silent' });
  const bus = depois(await connectEventBus({ servers: nats.server.url, name: 'prova', logger }), (um) =>
    um.close(),
  );
  // Nobody plays auth, whose events the services wait for.
  await bus.ensureStream('AUTH', ['auth.v1.>']);
  const auth = depois(await servir([tokens(issuer)], issuer, 'pagamentos'), (um) => um.close());
  const urls = Object.fromEntries(
    await Promise.all(
      SERVICOS.map(
        async (servico) => [servico, depois(await createTestDatabase(), (um) => um.drop()).url] as const,
      ),
    ),
  ) as PorServico<string>;
  const bancos = Object.fromEntries(
    await Promise.all(
      SERVICOS.map(
        async (servico) => [servico, depois(await abrir(urls[servico]), (um) => um.destroy())] as const,
      ),
    ),
  ) as PorServico<DataSource>;

  const vigia = new Vigia();
  const portas = [await freePorts(), await freePorts()] as const;
  const [, authPort] = auth.address.split(':');
  const pagamentos = portas.map(({ PAGAMENTOS_GRPC_PORT }) => `127.0.0.1:${PAGAMENTOS_GRPC_PORT}`);
  const replicas = await Promise.all(
    SERVICOS.flatMap((servico) =>
      ([0, 1] as const).map(async (qual): Promise<Replica> => {
        const nome = `${servico}-${qual}`;
        const adiantadaMs = relogios[servico][qual];
        const linha = depois(await Linha.abrir(nome, nats.server.port, vigia), (uma) => uma.fechar());
        const ports: StackPorts = {
          ...portas[qual],
          ...{ AUTH_GRPC_PORT: Number(authPort), STRIPE_PORT: stripe.port },
          MAIL_SMTP_PORT: Number(new URL(inbox.url).port),
        };
        const { grpc, http } = portsOf(servico, ports);
        const around = {
          ...{ ports, secrets, databases: { ...urls, auth: '' }, redisUrl: redis.url, natsUrl: linha.url },
          ...{ stripeSecretKey: undefined, logLevel: 'warn' },
        };
        const processo = depois(
          await startNodeProcess({
            name: nome,
            args: ['--import', RELOGIO, `services/${servico}/src/main.ts`],
            env: {
              ...serviceEnv(servico, around, { PATH: process.env.PATH }),
              ...{ JWKS_URL: issuer.jwksUrl, JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: issuer.audience },
              ...(servico === 'reservas' && { PAGAMENTOS_GRPC_ADDRESS: `ipv4:${pagamentos.join(',')}` }),
              DATABASE_POOL_SIZE: '6',
              RELOGIO_ADIANTADO_MS: `${adiantadaMs}`,
            },
            ports: [grpc, http],
            readyUrl: `http://127.0.0.1:${http}/readyz`,
            logFile: join(process.env.BARRAMENTO_LOGS ?? folder, `${nome}.log`),
          }),
          (um) => um.stop(),
        );
        const enderecos = { grpc: `127.0.0.1:${grpc}`, http: `http://127.0.0.1:${http}` };
        return {
          nome,
          servico,
          linha,
          processo,
          adiantadaMs,
          chamadas: 0,
          emPartida: false,
          congelada: false,
          ...enderecos,
        };
      }),
    ),
  );
  return { vigia, replicas, nats, stripe, issuer, bus, segredoDosWebhooks, bancos, inbox, fechar };
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

function abrir(url: string): Promise<DataSource> {
  const opcoes = { url, applicationName: 'prova', entities: [], migrations: [], poolSize: 4 };
  return createDataSource(opcoes).initialize();
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNats } from '@plataforma/testing/servers/nats';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { startRedis } from '@plataforma/testing/servers/redis';
import { securedFolder } from './data-folder.ts';
import { ENVIRONMENTS_FILE } from './environments.ts';
import { startApiDocs, startGateway } from './gateway.ts';
import type { StackPorts } from './ports.ts';
import { startNodeProcess } from './processes/node-process.ts';
import { Parts } from './processes/parts.ts';
import { type Restartable, restartable } from './processes/restartable.ts';
import type { Witness } from './processes/supervisor.ts';
import { hasRealMail, providersEnv } from './provider-env.ts';
import { loadSecrets, type StackSecrets } from './secrets.ts';
import {
  googleEnv,
  portsOf,
  SERVICES,
  type ServiceName,
  type Surroundings,
  serviceEnv,
} from './service-env.ts';
import { STRIPE_EVENTS } from './stripe-events.ts';
import { writeWhole } from './whole-file.ts';

/** The command of the npm package maildev, which exports its library only. */
const MAIL_INBOX = fileURLToPath(new URL('./bin/maildev.js', import.meta.resolve('maildev')));

/** How to start a stack. */
export interface StackOptions {
  /** State of the servers, logs and secrets; reused by the next start. */
  readonly dataDir: string;
  readonly ports: StackPorts;
  /** Environment of the caller: STRIPE_SECRET_KEY, LOG_LEVEL and OTEL_* are honoured. */
  readonly env: NodeJS.ProcessEnv;
  /** `false` trades safety against a power cut for speed. */
  readonly durable?: boolean;
  /** Loaded into each service before its own code, with what it needs to know: for proofs that look inside. */
  readonly preload?: { readonly module: string; readonly env: Readonly<Record<string, string>> };
  /** Called once a part is up, with its name and how long it took. */
  readonly onStarted?: (part: string, ms: number) => void;
  /** Starts parts again that end by themselves, and is told; left out: the stack fails with the first of them. */
  readonly supervisor?: Witness;
}

/** The servers behind the services. */
export interface StackServers {
  readonly postgres: Restartable;
  readonly redis: Restartable;
  readonly nats: Restartable;
  /** Undefined where the real Stripe is used. */
  readonly stripe: Restartable | undefined;
}

/** Everything a booking needs, running on this machine. */
export interface Stack {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly natsUrl: string;
  /** Address of a service's own database, for inspection. */
  readonly databases: Readonly<Record<ServiceName, string>>;
  readonly usesRealStripe: boolean;
  /** Whether e-mails leave this machine. */
  readonly usesRealMail: boolean;
  /** A running service; `restart` and `kill` are there for tests of failures. */
  service(name: ServiceName): Restartable;
  /** What is not ours; to be killed, stopped and started by tests of failures. */
  readonly servers: StackServers;
  /** Rejects when a part ends by itself, under a supervisor when it does not stay up. */
  readonly failed: Promise<never>;
  /** Stops every process it started, clients before servers. Safe to call twice, and while starting. */
  stop(): Promise<void>;
}

/** Starts the stack; when a part does not start, stops the others and rejects with one clear sentence. */
export async function startStack(options: StackOptions, aborted?: AbortSignal): Promise<Stack> {
  const parts = new Parts({ onStarted: options.onStarted, supervisor: options.supervisor, aborted });
  try {
    return await start(options, parts);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function start(options: StackOptions, parts: Parts): Promise<Stack> {
  const { dataDir, ports, env } = options;
  await securedFolder(dataDir);
  const servers = await startServers(options, parts);
  // Behind PostgreSQL, which has made sure that no other stack is making secrets for this data.
  const secrets = await loadSecrets(dataDir);
  const stripeSecretKey = env.STRIPE_SECRET_KEY || undefined;
  const around: Surroundings = {
    ports,
    secrets:
      stripeSecretKey && env.STRIPE_WEBHOOK_SECRET
        ? { ...secrets, webhookSecret: env.STRIPE_WEBHOOK_SECRET }
        : secrets,
    databases: servers.databases,
    redisUrl: servers.redisUrl,
    natsUrl: servers.natsUrl,
    stripeSecretKey,
    logLevel: env.LOG_LEVEL || 'info',
  };
  const environments = SERVICES.map((name) => [name, serviceEnv(name, around, env)] as const);
  await writeWhole(join(dataDir, ENVIRONMENTS_FILE), JSON.stringify(Object.fromEntries(environments)));
  const gateway = { dataDir, ports, env, aborted: parts.aborted };
  const [{ services, stripe }] = await Promise.all([
    startServices(options, parts, around),
    parts.add('API documents', () => startApiDocs(gateway)),
  ]);
  await parts.add('REST edge', () => startGateway(gateway));
  return {
    ports,
    secrets: around.secrets,
    natsUrl: servers.natsUrl,
    servers: { ...servers.running, stripe },
    databases: servers.databases,
    usesRealStripe: stripeSecretKey !== undefined,
    usesRealMail: hasRealMail(env),
    service: (name) => services[name],
    failed: parts.failed,
    stop: () => parts.stop(),
  };
}

async function startServers({ dataDir, ports, durable = true }: StackOptions, parts: Parts) {
  // First and alone: it refuses data that another stack is using, while Redis and NATS would both write to it.
  const postgres = await parts.add('PostgreSQL', () =>
    restartable(() =>
      startPostgres({ dataDir: join(dataDir, 'postgres'), port: ports.POSTGRES_PORT, durable }),
    ),
  );
  const [redis, nats] = await Promise.all([
    parts.add('Redis', () =>
      restartable(() => startRedis({ dataDir: join(dataDir, 'redis'), port: ports.REDIS_PORT })),
    ),
    parts.add('NATS JetStream', () =>
      restartable(() => startNats({ dataDir: join(dataDir, 'nats'), port: ports.NATS_PORT })),
    ),
  ]);
  const urls = await Promise.all(
    SERVICES.map(async (name) => [name, await postgres.server.createDatabase(name)] as const),
  );
  return {
    databases: Object.fromEntries(urls) as Record<ServiceName, string>,
    redisUrl: redis.server.url,
    natsUrl: nats.server.url,
    running: { postgres, redis, nats },
  };
}

async function startServices(options: StackOptions, parts: Parts, around: Surroundings) {
  const log = (name: string) => join(options.dataDir, 'logs', `${name}.log`);
  const path = { PATH: options.env.PATH ?? '' };
  const { ports, secrets } = around;
  const mail = parts.add('mail inbox', () =>
    startNodeProcess({
      name: 'mail inbox',
      args: [
        MAIL_INBOX,
        '--silent',
        '--max-emails',
        '1000',
        '--mail-directory',
        join(options.dataDir, 'mail'),
      ],
      env: {
        ...path,
        MAILDEV_IP: '127.0.0.1',
        MAILDEV_WEB_IP: '127.0.0.1',
        MAILDEV_SMTP_PORT: `${ports.MAIL_SMTP_PORT}`,
        MAILDEV_WEB_PORT: `${ports.MAIL_WEB_PORT}`,
        // It would let every page that asks read the mails.
        REFUSE_OTHER_PAGES: 'true',
      },
      ports: [ports.MAIL_WEB_PORT, ports.MAIL_SMTP_PORT],
      readyUrl: `http://127.0.0.1:${ports.MAIL_WEB_PORT}/api/config`,
      logFile: log('mail'),
      aborted: parts.aborted,
    }),
  );
  const startingStripe =
    around.stripeSecretKey === undefined
      ? parts.add('Stripe stand-in', () =>
          startNodeProcess({
            name: 'Stripe stand-in',
            args: ['infra/dev/src/stripe/main.ts'],
            env: {
              ...path,
              PORT: `${ports.STRIPE_PORT}`,
              WEBHOOK_URL: `http://127.0.0.1:${ports.EDGE_PORT}/api/v1/webhooks/stripe`,
              WEBHOOK_SECRET: secrets.webhookSecret,
              WEBHOOK_EVENTS: STRIPE_EVENTS.join(','),
              LOG_LEVEL: around.logLevel,
              DATA_FILE: join(options.dataDir, 'stripe.jsonl'),
            },
            ports: [ports.STRIPE_PORT],
            readyUrl: `http://127.0.0.1:${ports.STRIPE_PORT}/healthz`,
            logFile: log('stripe'),
            aborted: parts.aborted,
          }),
        )
      : undefined;
  const providers = parts.add('providers', () =>
    startNodeProcess({
      name: 'providers',
      args: ['infra/dev/src/providers/main.ts'],
      env: {
        ...path,
        ...providersEnv(around, options.env),
        LOG_LEVEL: around.logLevel,
        // Codes are in the messages.
        REFUSE_OTHER_PAGES: 'true',
      },
      ports: [ports.PROVIDERS_PORT],
      readyUrl: `http://127.0.0.1:${ports.PROVIDERS_PORT}/messages`,
      logFile: log('providers'),
      aborted: parts.aborted,
    }),
  );
  const google = googleEnv(around);
  const issuer = parts.add('login issuer', () =>
    startNodeProcess({
      name: 'login issuer',
      args: ['infra/dev/src/oidc/main.ts'],
      env: {
        ...path,
        PORT: `${ports.OIDC_PORT}`,
        CLIENT_ID: google.clientId,
        CLIENT_SECRET: google.clientSecret,
        REDIRECT_URIS: google.redirectUri,
        LOG_LEVEL: around.logLevel,
      },
      ports: [ports.OIDC_PORT],
      readyUrl: `${google.issuer}/.well-known/openid-configuration`,
      logFile: log('oidc'),
      aborted: parts.aborted,
    }),
  );
  const services = SERVICES.map(async (name) => {
    const { grpc, http } = portsOf(name, ports);
    const running = await parts.add(name, () =>
      startNodeProcess({
        name,
        args: [
          ...['--import', '@plataforma/runtime/telemetry'],
          ...(options.preload ? ['--import', options.preload.module] : []),
          `services/${name}/src/main.ts`,
        ],
        env: { ...serviceEnv(name, around, options.env), ...options.preload?.env },
        ports: [grpc, http],
        readyUrl: `http://127.0.0.1:${http}/readyz`,
        logFile: log(name),
        aborted: parts.aborted,
      }),
    );
    return [name, running] as const;
  });
  const [started, stripe] = await Promise.all([
    Promise.all(services),
    startingStripe,
    mail,
    providers,
    issuer,
  ]);
  return { services: Object.fromEntries(started) as Record<ServiceName, Restartable>, stripe };
}

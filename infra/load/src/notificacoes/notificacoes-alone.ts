import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import { startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { startRedis } from '@plataforma/testing/servers/redis';
import { Client } from 'pg';

/** Keys of webhooks are sealed under it. */
export const WEBHOOK_KEY = Buffer.alloc(32, 4);

/** Receivers that never answer. */
export const HANGING = 50;

/** What the places have taken where everything ends. */
export interface Taken {
  readonly smtp: number;
  readonly http: number;
  /** Taken, and never answered. */
  readonly sms: number;
  readonly webhooks: number;
  /** Milliseconds from event to receiver. */
  readonly latencies: {
    readonly calls: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
}

/** notificacoes as its own process over real servers, and where what it sends ends. */
export interface NotificacoesAlone {
  readonly smtpUrl: string;
  readonly httpUrl: string;
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly sql: Client;
  taken(): Promise<Taken>;
  /** What the places have taken is forgotten. */
  reset(): Promise<void>;
  /** Starts the service with this besides; it stops with the answer. */
  service(env: Readonly<Record<string, string>>): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export async function startNotificacoesAlone(): Promise<NotificacoesAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'plataforma-bench-'));
  const [postgres, redis, nats] = await Promise.all([
    startPostgres({ durable: true }),
    startRedis(),
    startNats(),
  ]);
  const databaseUrl = await postgres.createDatabase('notificacoes');
  const [grpc, http, smtp, api] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const httpUrl = `http://127.0.0.1:${api}`;
  const sink = await startNodeProcess({
    name: 'sink',
    args: ['infra/load/src/notificacoes/sink-main.ts'],
    env: {
      PATH: process.env.PATH ?? '',
      SMTP_PORT: `${smtp}`,
      HTTP_PORT: `${api}`,
      HANGING: `${HANGING}`,
    },
    ports: [api, smtp],
    readyUrl: `${httpUrl}/taken`,
    logFile: join(folder, 'sink.log'),
  });
  const sql = new Client({ connectionString: databaseUrl });
  const service = (env: Readonly<Record<string, string>>) =>
    startNodeProcess({
      name: 'notificacoes',
      args: ['services/notificacoes/src/main.ts'],
      env: {
        PATH: process.env.PATH ?? '',
        GRPC_PORT: `${grpc}`,
        HTTP_PORT: `${http}`,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redis.url,
        NATS_URL: nats.url,
        // Nobody calls, and events of the benchmark are in clear.
        JWKS_URL: 'http://127.0.0.1:1/',
        JWT_ISSUER: 'https://auth.bench',
        JWT_AUDIENCE: 'plataforma-reservas',
        AUTH_GRPC_ADDRESS: '127.0.0.1:1',
        SERVICE_SECRET: 'nobody asks for a token',
        ID_KEY: '00'.repeat(32),
        PAGE_TOKEN_KEYS: '01'.repeat(32),
        EMAIL_FROM: 'Plataforma de Reservas <reservas@exemplo.com>',
        SMTP_URL: `smtp://127.0.0.1:${smtp}`,
        RESEND_URL: httpUrl,
        RESEND_API_KEY: 're_bench_123456789',
        WEBHOOK_KEYS: WEBHOOK_KEY.toString('hex'),
        UNSUBSCRIBE_KEYS: WEBHOOK_KEY.toString('hex'),
        WEBHOOK_ALLOW_LOOPBACK: 'true',
        LOG_LEVEL: 'warn',
        ...env,
      },
      ports: [http, grpc],
      readyUrl: `http://127.0.0.1:${http}/healthz`,
      logFile: join(folder, 'notificacoes.log'),
    });
  // Makes the tables.
  const first = await service({});
  await first.stop();
  await sql.connect();
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp}`,
    ...{ httpUrl, natsUrl: nats.url, databaseUrl, sql },
    taken: async () => (await (await fetch(`${httpUrl}/taken`)).json()) as Taken,
    reset: async () => void (await (await fetch(`${httpUrl}/reset`)).text()),
    service: async (env) => {
      const running = await service(env);
      return () => running.stop();
    },
    stop: async () => {
      await sql.end();
      await sink.stop();
      await Promise.all([postgres.stop(), redis.stop(), nats.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

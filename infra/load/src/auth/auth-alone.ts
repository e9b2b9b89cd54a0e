import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import { startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { startRedis } from '@plataforma/testing/servers/redis';
import { serviceMetric } from '../service-metric.ts';

/** auth as its own process over real servers. */
export interface AuthAlone {
  readonly address: string;
  readonly databaseUrl: string;
  /** Processor time the process has taken since it started. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Hashes as they are made by default. Nobody is refused for trying often: addresses of callers are believed, and may try a lot. */
export async function startAuthAlone(): Promise<AuthAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'plataforma-bench-'));
  const [postgres, redis, nats] = await Promise.all([
    startPostgres({ durable: true }),
    startRedis(),
    startNats(),
  ]);
  const databaseUrl = await postgres.createDatabase('auth');
  const [grpc, http] = [await freePort(), await freePort()];
  const service = await startNodeProcess({
    name: 'auth',
    args: ['services/auth/src/main.ts'],
    env: {
      PATH: process.env.PATH ?? '',
      GRPC_PORT: `${grpc}`,
      HTTP_PORT: `${http}`,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      NATS_URL: nats.url,
      JWKS_URL: `http://127.0.0.1:${http}/.well-known/jwks.json`,
      JWT_ISSUER: 'https://auth.bench',
      JWT_AUDIENCE: 'plataforma-reservas',
      ID_KEY: '00'.repeat(32),
      PAGE_TOKEN_KEYS: '01'.repeat(32),
      MASTER_KEY: '02'.repeat(32),
      TRUSTED_PROXIES: '127.0.0.1',
      CREDENTIALS_PER_MINUTE: '60000',
      // Nobody is asked for exported data here.
      RESERVAS_GRPC_ADDRESS: '127.0.0.1:1',
      PAGAMENTOS_GRPC_ADDRESS: '127.0.0.1:1',
      NOTIFICACOES_GRPC_ADDRESS: '127.0.0.1:1',
      LOG_LEVEL: 'warn',
    },
    ports: [http, grpc],
    readyUrl: `http://127.0.0.1:${http}/readyz`,
    logFile: join(folder, 'auth.log'),
  });
  return {
    address: `127.0.0.1:${grpc}`,
    databaseUrl,
    cpuSeconds: () => serviceMetric(http, 'process_cpu_seconds_total'),
    stop: async () => {
      await service.stop();
      await Promise.all([postgres.stop(), redis.stop(), nats.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

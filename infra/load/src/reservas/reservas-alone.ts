import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import { startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { SERVICE_SECRET } from '../../../../services/reservas/test/auth-stand-in.ts';
import { startStandIns } from '../../../../services/reservas/test/pagamentos-stand-in.ts';
import { serviceMetric } from '../service-metric.ts';

/** reservas as its own process over real servers; auth and pagamentos are answered by this process. */
export interface ReservasAlone {
  readonly address: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly issuer: TestIssuer;
  /** Memory the process holds now. */
  memoryMiB(): Promise<number>;
  /** Processor time the process has taken since it started. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

export async function startReservasAlone(): Promise<ReservasAlone> {
  const folder = await mkdtemp(join(tmpdir(), 'plataforma-bench-'));
  const [postgres, redis, nats, issuer] = await Promise.all([
    startPostgres({ durable: true }),
    startRedis(),
    startNats(),
    createTestIssuer(),
  ]);
  const others = await startStandIns(issuer);
  const databaseUrl = await postgres.createDatabase('reservas');
  const [grpc, http] = [await freePort(), await freePort()];
  const service = await startNodeProcess({
    name: 'reservas',
    args: ['services/reservas/src/main.ts'],
    env: {
      PATH: process.env.PATH ?? '',
      GRPC_PORT: `${grpc}`,
      HTTP_PORT: `${http}`,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      NATS_URL: nats.url,
      JWKS_URL: issuer.jwksUrl,
      JWT_ISSUER: issuer.issuer,
      JWT_AUDIENCE: issuer.audience,
      ID_KEY: '00'.repeat(32),
      PAGE_TOKEN_KEYS: '01'.repeat(32),
      LOG_LEVEL: 'warn',
      AUTH_GRPC_ADDRESS: others.address,
      PAGAMENTOS_GRPC_ADDRESS: others.address,
      SERVICE_SECRET,
    },
    ports: [http, grpc],
    readyUrl: `http://127.0.0.1:${http}/readyz`,
    logFile: join(folder, 'reservas.log'),
  });
  return {
    address: `127.0.0.1:${grpc}`,
    databaseUrl,
    redisUrl: redis.url,
    issuer,
    memoryMiB: async () =>
      Math.round((await serviceMetric(http, 'process_resident_memory_bytes')) / 1024 / 1024),
    cpuSeconds: () => serviceMetric(http, 'process_cpu_seconds_total'),
    stop: async () => {
      await service.stop();
      await others.close();
      await Promise.all([issuer.close(), postgres.stop(), redis.stop(), nats.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

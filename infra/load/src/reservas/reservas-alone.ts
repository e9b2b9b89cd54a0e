import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { harmless, rpcService } from '@plataforma/runtime/rpc';
import { startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { startPostgres } from '@plataforma/testing/servers/postgres';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';

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
  const others = await startOthers(issuer);
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
      SERVICE_SECRET: 'segredo-do-benchmark',
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
    memoryMiB: async () => Math.round((await metric(http, 'process_resident_memory_bytes')) / 1024 / 1024),
    cpuSeconds: () => metric(http, 'process_cpu_seconds_total'),
    stop: async () => {
      await service.stop();
      await others.close();
      await Promise.all([issuer.close(), postgres.stop(), redis.stop(), nats.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One number that the service tells about itself; NaN where its system does not know it. */
async function metric(httpPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  return Number(new RegExp(`^${name}\\S* (\\S+)`, 'm').exec(text)?.[1]);
}

/** auth and pagamentos as far as reservas calls them. */
async function startOthers(issuer: TestIssuer) {
  const logger = createLogger({ service: 'bench', level: 'silent' });
  let charges = 0;
  const tokens = rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: {
      issueServiceToken: async ({ servico, audiencia }) => ({
        accessToken: await issuer.token({ sub: servico, tipo: 'servico', audience: audiencia }),
        tokenType: 'Bearer',
        expiresIn: 900,
      }),
    },
  });
  const everyone = { servicos: ['reservas'] };
  const payments = rpcService(PagamentosService, {
    acesso: {
      criarCobranca: everyone,
      usarCreditos: everyone,
      obterPagamento: everyone,
      listarTransacoes: everyone,
      obterExtrato: everyone,
      obterTotais: everyone,
      listarEventos: everyone,
      estornarPagamento: everyone,
      obterCreditos: everyone,
    },
    repeats: { criarCobranca: harmless('a stand-in') },
    impl: {
      criarCobranca: ({ reservaId, clienteId, valor }) => ({
        id: `pag_${(++charges).toString().padStart(8, '0')}`,
        reservaId,
        clienteId,
        ...(valor ? { valor } : {}),
        status: StatusPagamento.PENDENTE,
        checkoutUrl: `https://checkout.exemplo/${charges}`,
        criadoEm: timestampNow(),
      }),
    },
  });
  const services = [tokens, payments];
  const verifier = createTokenVerifier({
    jwksUrl: issuer.jwksUrl,
    issuer: issuer.issuer,
    audience: 'pagamentos',
  });
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    services,
    interceptors: createInterceptors({ logger, verifier, services }),
    health: new Health(),
    reflection: false,
    logger,
  });
  return { address: `127.0.0.1:${server.port}`, close: () => server.close() };
}

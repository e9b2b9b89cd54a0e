import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { jest } from '@jest/globals';
import { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import type { Fatos } from '@plataforma/domain/domain-error';
import { factsOf } from '@plataforma/runtime/error-details';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createRedis } from '@plataforma/runtime/redis';
import type { ServiceParts } from '@plataforma/runtime/service';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { startRedis } from '@plataforma/testing/servers/redis';
import { createTestIssuer, type TestTokenOptions } from '@plataforma/testing/test-tokens';
import { createReservas } from '../src/container.ts';
import { SERVICE_SECRET } from './auth-stand-in.ts';
import { startStandIns } from './pagamentos-stand-in.ts';
import { NOW, openDatabase } from './reservas-fixture.ts';

/** As long as reservas waits for a charge in these specs: enough for a process that makes its first call. */
const CHARGE_TIMEOUT_MS = 1_500;

interface ReservasOptions {
  /** Its database, when it is not to be one of its own. */
  readonly database?: Awaited<ReturnType<typeof openDatabase>>;
  readonly replicaUrl?: string;
}

/** reservas as it is deployed, on free ports: its own listeners, database and tokens; auth and pagamentos stand in. */
export async function startReservas(options: ReservasOptions = {}) {
  const issuer = await createTestIssuer();
  const [database, standIns, redisServer] = await Promise.all([
    options.database ?? openDatabase(),
    startStandIns(issuer),
    startRedis(),
  ]);
  const redis = createRedis(redisServer.url);
  const { dataSource } = database;
  const clock = new FixedClock(NOW);
  const logger = createLogger({ service: 'reservas', level: 'silent' });
  const metrics = createMetrics('reservas');
  const parts = createReservas({
    config: {
      authAddress: standIns.address,
      pagamentosAddress: standIns.address,
      serviceSecret: SERVICE_SECRET,
      bonusPercentual: 10,
      idKey: Buffer.alloc(32, 1),
      calendarKeys: undefined,
      publicUrl: 'http://api.exemplo.com',
      calendarDomain: 'exemplo.com',
      databasePoolSize: 5,
      trustedProxies: ['127.0.0.0/8'],
      databaseReplicaUrl: options.replicaUrl,
    },
    clock,
    dataSource,
    ids: new SequentialIds(),
    logger,
    metrics,
    redis,
    chargeTimeoutMs: CHARGE_TIMEOUT_MS,
  });
  const { grpc, http } = await listen(parts, { issuer, dataSource, logger, metrics });
  const address = { address: `127.0.0.1:${grpc.port}`, timeoutMs: 8_000 };
  const espacos = createGrpcClient(EspacosService, address);
  const reservas = createGrpcClient(ReservasService, address);
  const disponibilidade = createGrpcClient(DisponibilidadeService, address);
  const calendarios = createGrpcClient(CalendariosService, address);
  const series = createGrpcClient(SeriesService, address);
  const filaEspera = createGrpcClient(FilaEsperaService, address);
  const close = async () => {
    series.close();
    espacos.close();
    reservas.close();
    disponibilidade.close();
    calendarios.close();
    filaEspera.close();
    await Promise.all([grpc.close(), http.close()]);
    for (const work of parts.background ?? []) await work.stop();
    for (const connection of parts.connections ?? []) connection.close();
    redis.disconnect();
    await standIns.close();
    await redisServer.stop();
    await Promise.all([database.close(), issuer.close()]);
  };
  const as = async (options: TestTokenOptions, headers: Record<string, string> = {}) => ({
    headers: { authorization: `Bearer ${await issuer.token(options)}`, ...headers },
  });
  return {
    espacos,
    reservas,
    disponibilidade,
    calendarios,
    series,
    filaEspera,
    parts,
    grpcPort: grpc.port,
    httpPort: http.port,
    standIns,
    clock,
    dataSource,
    metrics,
    logger,
    as,
    close,
  };
}

async function listen(
  { services, routes = [], looks }: ServiceParts,
  {
    issuer: { jwksUrl, issuer, audience },
    dataSource,
    logger,
    metrics,
  }: {
    issuer: Awaited<ReturnType<typeof createTestIssuer>>;
    dataSource: Awaited<ReturnType<typeof openDatabase>>['dataSource'];
    logger: ReturnType<typeof createLogger>;
    metrics: ReturnType<typeof createMetrics>;
  },
) {
  const verifier = createTokenVerifier({ jwksUrl, issuer, audience: [audience, 'reservas'] });
  const keys = new PostgresIdempotencyKeys(dataSource);
  const interceptors = createInterceptors({ logger, verifier, services, keys, ...(looks && { looks }) });
  const common = { host: '127.0.0.1', port: 0, services, interceptors, health: new Health(), logger };
  const grpc = await startGrpcServer({ ...common, reflection: false });
  const http = await startHttpServer({ ...common, metrics, routes });
  return { grpc, http };
}

/** What the event bus does with an event of pagamentos. */
export async function deliver<S extends DescMessage>(
  parts: ServiceParts,
  schema: S,
  init: MessageInitShape<S> & { readonly pagamentoId: string },
  versao = 2,
): Promise<void> {
  const subscriptions = (parts.consumers ?? []).flatMap(({ on }) => on);
  const subscription = subscriptions.find((one) => one.schema.typeName === schema.typeName);
  if (!subscription) throw new Error(`nothing consumes ${schema.typeName}`);
  const agregado = { tipo: 'pagamento', id: init.pagamentoId, versao };
  const meta = {
    id: crypto.randomUUID(),
    subject: schema.typeName,
    agregado,
    ocorridoEm: new Date(NOW),
    entrega: 1,
  };
  await subscription.handle(create(schema, init), meta);
}

/** Code and reason with which a call failed. */
export async function failure(call: Promise<unknown>): Promise<string> {
  const error = await connectError(call);
  return `${Code[error.code]} ${motivoDe(error)}`;
}

/** What programs are told about a failure. */
export async function details(call: Promise<unknown>): Promise<Fatos> {
  return factsOf(await connectError(call));
}

async function connectError(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectError)) throw error ?? new Error('the call did not fail');
  return error;
}

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(30_000);

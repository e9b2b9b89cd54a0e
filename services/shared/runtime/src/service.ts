/*
 * A service of the platform, from its environment to the two listeners that answer calls. This is the composition root of the
 * runtime: the one file that knows all rooms.
 *
 * A service has a `ServiceDefinition` (name, settings, stream, migrations, where its identities are) and a function that puts
 * its own parts together from what it is given: database, Redis, identities, event bus, metrics. `runService` does the rest,
 * in this order: configuration, telemetry, database and migrations, Redis, NATS, streams, outbox relay, consumers, workers,
 * gRPC, HTTP; on the way down in the opposite one.
 *
 * The rooms, from the inside out, are in `infra/dev/src/architecture/rooms.cjs`, with which other rooms each may know; what a
 * service may import is in the exports of `package.json`, room by room. A room never knows a service, and never this file.
 */

import type { DescFile } from '@bufbuild/protobuf';
import { type Clock, systemClock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { Redis } from 'ioredis';
import type { DataSource, EntitySchema } from 'typeorm';
import type { AdminLooks } from './audit/admin-looks.ts';
import type { ConsumeOptions } from './events/consumer/event-consumer.ts';
import { connectEventBus, type EventBus } from './events/event-bus.ts';
import { natsAccess } from './events/nats-access.ts';
import { startGrpcServer } from './grpc/grpc-server.ts';
import type { HttpRoute } from './http/http-routes.ts';
import { startHttpServer } from './http/http-server.ts';
import { PostgresIdempotencyKeys } from './idempotency/idempotency-keys.ts';
import type { AccountSessions } from './interceptors/access.ts';
import { createInterceptors } from './interceptors/interceptors.ts';
import { runtimeMigrations } from './migrations/runtime-migrations.ts';
import { OutboxRelay } from './outbox/outbox-relay.ts';
import { createSeal, type PersonalSealing, type Seal } from './personal/sealing.ts';
import { createDataSource, type MigrationClass, migrate } from './postgres/postgres.ts';
import { type FieldsOf, loadConfig } from './process/config.ts';
import { type Lifecycle, runMain } from './process/lifecycle.ts';
import type { IdSource } from './redis/id-floors.ts';
import { PostgresIdMarks } from './redis/id-marks.ts';
import { closeRedis, createRedis } from './redis/redis.ts';
import { RedisIdGenerator } from './redis/redis-ids.ts';
import { Health } from './rpc/health.ts';
import { listenerLimits } from './rpc/listener-limits.ts';
import { type RpcService, requireHandlers } from './rpc/rpc.ts';
import { EndedSessions, refusingEnded } from './security/ended-sessions.ts';
import { EndedSessionsCopy } from './security/ended-sessions-copy.ts';
import { EndedSessionsTable } from './security/ended-sessions-table.ts';
import { createTokenVerifier, type TokenVerifier } from './security/jwt.ts';
import { KeyCalls, limitingKeys } from './security/key-calls.ts';
import { PageTokens } from './security/page-tokens.ts';
import type { CommonConfig } from './service-config.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { telemetry } from './telemetry/telemetry.ts';

/** A month of about 100,000 bookings a day. */
const STREAM_LEAST_BYTES = 8 * 1024 ** 3;

/** What a service's composition root is given. */
export interface ServiceDeps<C> {
  readonly config: C;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly redis: Redis;
  readonly ids: IdGenerator;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  /** Of the tokens that this service takes, for its plain routes. */
  readonly verifier: TokenVerifier;
  /** Whose tokens it refuses. */
  readonly endedSessions: EndedSessions;
}

/** Work that goes on beside the calls. */
export interface Background {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Without having been started: does one piece of what is due now; false when nothing was. For proofs. */
  turn?(): Promise<boolean>;
}

/** What a service's composition root answers. */
export interface ServiceParts {
  readonly services: readonly RpcService[];
  readonly consumers?: readonly ConsumeOptions[];
  readonly routes?: readonly HttpRoute[];
  readonly background?: readonly Background[];
  /** What consumers and the outbox relay use, too: closed after them. */
  readonly connections?: readonly { close(): void }[];
  /** Of a service whose events have personal data: what seals it on its way out. */
  readonly personal?: PersonalSealing;
  /** Of a service that shows administrators data of others: records each look. auth does so by itself. */
  readonly looks?: AdminLooks;
  /** Of auth: it hears of ended sessions first hand, all others from its events. */
  readonly accountSessions?: AccountSessions;
}

/** A service: its settings, its storage, and how it is put together. */
export interface ServiceDefinition<C extends CommonConfig> {
  readonly name: string;
  readonly fields: FieldsOf<C>;
  /** The stream it publishes to. */
  readonly stream: { readonly name: string; readonly subjects: readonly string[] };
  /** The contracts of what it publishes there: they say what is personal. */
  readonly events: readonly DescFile[];
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly MigrationClass[];
  /** Where the identities it gives out are stored, by prefix. */
  readonly ids: Readonly<Record<string, IdSource>>;
  create(deps: ServiceDeps<C>): ServiceParts | Promise<ServiceParts>;
}

/**
 * Runs a service until SIGTERM or SIGINT. It says SERVING once everything it needs to answer is up; NATS may be away,
 * its events wait in the outbox. On the way down it says NOT_SERVING first and closes in the opposite order.
 */
export async function runService<C extends CommonConfig>(definition: ServiceDefinition<C>): Promise<void> {
  // What is wrong with the configuration is told whatever level it asks for.
  const logger = createLogger({ service: definition.name });
  await runMain({
    logger,
    start: async (life) => {
      const config = loadConfig<C>(process.env, definition.fields);
      logger.level = config.logLevel;
      await startService(definition, config, life);
    },
  });
}

/** Starts a service, and registers how to close what it has started. */
export async function startService<C extends CommonConfig>(
  definition: ServiceDefinition<C>,
  config: C,
  life: Lifecycle,
): Promise<void> {
  const logger = createLogger({ service: definition.name, level: config.logLevel });
  const metrics = createMetrics(definition.name);
  const health = new Health();
  life.add('telemetry', async () => telemetry?.shutdown());
  const dataSource = await openDatabase(definition, config, logger, life);
  const redis = createRedis(config.redisUrl, { logger });
  life.add('redis', () => closeRedis(redis));
  const bus = await connectEventBus({
    ...natsAccess(config),
    ...{ name: definition.name, logger, metrics },
    replicas: config.streamReplicas,
  });
  life.add('event bus', () => bus.close());
  await declareStream(definition.stream, bus, config);
  const marks = new PostgresIdMarks(dataSource, definition.ids, config.idKey);
  const ids = new RedisIdGenerator({ redis, key: config.idKey, marks });
  const endedSessions = new EndedSessions();
  const { jwksUrl, jwtIssuer: issuer } = config;
  const signed = createTokenVerifier({ jwksUrl, issuer, audience: [config.jwtAudience, definition.name] });
  const keyCalls = new KeyCalls({ perMinute: config.keyCallsPerMinute });
  const verifier = limitingKeys(refusingEnded(signed, endedSessions), keyCalls);
  const clock = systemClock;
  const deps = { config, logger, clock, dataSource, redis, ids, bus, metrics, verifier, endedSessions };
  const parts = hearingOfEnds(definition.name, await definition.create(deps), deps);
  const seal = createSeal(definition.events, parts.personal);
  health.addCheck('postgres', async () => void (await dataSource.query('select 1')));
  await startBackground(parts, deps, seal, life);
  await listen(definition.name, parts, deps, health, life);
}

/** Hears of ended sessions, beside what the service does itself. */
function hearingOfEnds(name: string, parts: ServiceParts, deps: ServiceDeps<CommonConfig>): ServiceParts {
  const { consumers = [], background = [], accountSessions } = parts;
  const table = new EndedSessionsTable(deps.dataSource);
  const heard = accountSessions ? [] : [table.consumer(name, deps.endedSessions)];
  const copy = new EndedSessionsCopy({ table, ended: deps.endedSessions, logger: deps.logger });
  return { ...parts, consumers: [...consumers, ...heard], background: [copy, ...background] };
}

async function declareStream(
  { name, subjects }: ServiceDefinition<CommonConfig>['stream'],
  bus: EventBus,
  { streamMaxMib }: CommonConfig,
): Promise<void> {
  const exact = streamMaxMib === undefined ? {} : { maxBytes: streamMaxMib * 1024 ** 2 };
  await bus.ensureStream(name, subjects, { leastBytes: STREAM_LEAST_BYTES, ...exact });
}

async function openDatabase(
  { name, entities, migrations }: Pick<ServiceDefinition<CommonConfig>, 'name' | 'entities' | 'migrations'>,
  config: CommonConfig,
  logger: Logger,
  life: Lifecycle,
): Promise<DataSource> {
  const dataSource = createDataSource({
    url: config.databaseUrl,
    applicationName: name,
    poolSize: config.databasePoolSize,
    entities,
    migrations: [...runtimeMigrations, ...migrations],
    onConnectionError: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  await dataSource.initialize().catch((cause) => {
    // pg gives an error without a message when a host name with several addresses answers at none of them.
    const { message, code } = cause as NodeJS.ErrnoException;
    throw new Error(`PostgreSQL cannot be used: ${message || code}`, { cause });
  });
  life.add('database', () => dataSource.destroy());
  await migrate(dataSource);
  return dataSource;
}

async function startBackground(
  parts: ServiceParts,
  deps: ServiceDeps<CommonConfig>,
  seal: Seal,
  life: Lifecycle,
): Promise<void> {
  const { dataSource, config, bus, logger, metrics } = deps;
  for (const connection of parts.connections ?? []) life.add('connection', async () => connection.close());
  const relay = new OutboxRelay({ dataSource, url: config.databaseUrl, bus, seal, logger, metrics });
  await relay.start();
  life.add('outbox relay', () => relay.stop());
  for (const options of parts.consumers ?? []) {
    const consumer = bus.consume(options);
    life.add(`consumer ${options.durable}`, () => consumer.stop());
  }
  for (const work of parts.background ?? []) {
    await work.start();
    life.add(work.name, () => work.stop());
  }
}

async function listen(
  name: string,
  parts: ServiceParts,
  deps: ServiceDeps<CommonConfig>,
  health: Health,
  life: Lifecycle,
): Promise<void> {
  const { config, logger, metrics, dataSource, verifier } = deps;
  const { services, accountSessions, looks } = parts;
  requireHandlers(services);
  const keys = new PostgresIdempotencyKeys(dataSource);
  const pageTokens = new PageTokens(config.pageTokenKeys, name);
  const interceptors = createInterceptors({
    ...{ logger, verifier, services, metrics, keys, pageTokens },
    ...(accountSessions && { accountSessions }),
    ...(looks && { looks }),
  });
  const limits = listenerLimits(config);
  const common = { host: config.host, services, interceptors, health, logger, metrics, limits };
  const grpc = await startGrpcServer({ ...common, port: config.grpcPort, reflection: config.reflection });
  life.add('gRPC listener', () => grpc.close());
  const http = await startHttpServer({
    ...common,
    port: config.httpPort,
    routes: parts.routes ?? [],
  });
  life.add('HTTP listener', () => http.close());
  health.setServing(true);
  logger.info({ grpcPort: grpc.port, httpPort: http.port }, 'serving');
}

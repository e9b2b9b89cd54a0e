import type { Clock } from '@plataforma/domain/clock';
import { EndedSessions, refusingEnded } from '@plataforma/runtime/ended-sessions';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { createRedis } from '@plataforma/runtime/redis';
import { Secrets } from '@plataforma/testing/secrets/secrets';
import { watchCalls } from '@plataforma/testing/secrets/watch-calls';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { freePort } from '@plataforma/testing/servers/ports';
import { startRedis } from '@plataforma/testing/servers/redis';
import type { DataSource } from 'typeorm';
import type { AuthConfig } from '../../src/config.ts';
import { createAuth } from '../../src/container.ts';
import type { GoogleConfig } from '../../src/google/composition.ts';
import type { PasskeysConfig } from '../../src/passkeys/infrastructure/site.ts';
import { openDatabase } from './database.ts';
import { startOtherServices } from './other-services.ts';

export const ISSUER = 'https://auth.test';

/** auth on both listeners over a PostgreSQL and a Redis of its own. */
export type AuthUnderTest = Awaited<ReturnType<typeof startAuth>>;

/** Where an installation differs from the others under test. */
export interface AuthSettings {
  readonly credentialsPerMinute?: number;
  readonly mfaRequiredForAdmins?: boolean;
  readonly passwords?: Partial<Pick<AuthConfig, `password${string}` & keyof AuthConfig>>;
  readonly google?: Partial<GoogleConfig>;
}

/** Two pages of one site, as virtual devices know them. */
const SITE: PasskeysConfig = {
  passkeyRpId: 'exemplo.com',
  passkeyOrigins: ['https://app.exemplo.com', 'https://exemplo.com'],
};

const SEM_GOOGLE: GoogleConfig = {
  ...{ googleIssuer: 'https://accounts.google.com', googleRedirectUris: [] },
  ...{ googleClientId: undefined, googleClientSecret: undefined },
};

export async function startAuth(
  options: {
    clock: Clock;
    serviceClients: readonly string[];
    admin: { email: string; senha: string };
  } & AuthSettings,
) {
  const log: string[] = [];
  const secrets = new Secrets();
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ service: 'auth', level: 'trace', destination });
  const { dataSource, close } = await openDatabase();
  const redisServer = await startRedis();
  const redis = createRedis(redisServer.url);
  const ids = new SequentialIds();
  const endedSessions = new EndedSessions();
  const httpPort = await freePort();
  const metrics = createMetrics('auth');
  const jwksUrl = `http://127.0.0.1:${httpPort}/.well-known/jwks.json`;
  const outros = await startOtherServices({ jwksUrl, issuer: ISSUER });
  const create = (
    masterKey: Buffer,
    admin: typeof options.admin | undefined,
    passwords = options.passwords,
    ofThis = metrics,
    previousMasterKey: Buffer | undefined = undefined,
  ) =>
    createAuth({
      config: {
        masterKey,
        previousMasterKey,
        signingKeyDays: 90,
        canaryUrls: [],
        publicUrl: 'http://127.0.0.1:8000',
        ...outros.config,
        serviceClients: options.serviceClients,
        trustedProxies: ['127.0.0.0/8'],
        passwordMinLength: 8,
        passwordMinScore: 2,
        passwordHashKib: 19_456,
        passwordHashPasses: 2,
        passwordPeppers: undefined,
        ...passwords,
        credentialsPerMinute: options.credentialsPerMinute ?? 6_000,
        mfaRequiredForAdmins: options.mfaRequiredForAdmins ?? false,
        ...SITE,
        ...SEM_GOOGLE,
        ...options.google,
        adminEmail: admin?.email,
        adminPassword: admin?.senha,
        jwtIssuer: ISSUER,
        jwtAudience: 'plataforma-reservas',
      },
      clock: options.clock,
      dataSource,
      redis,
      ids,
      logger,
      metrics: ofThis,
      endedSessions,
    });
  const masterKey = Buffer.alloc(32, 1);
  secrets.keep('master key', masterKey);
  for (const [what, secret] of Object.entries(secretsOf(options))) secrets.keep(what, secret);
  const parts = await create(masterKey, options.admin);
  const { services, routes = [], accountSessions, background = [], consumers = [], personal } = parts;
  const signed = createTokenVerifier({ jwksUrl, issuer: ISSUER, audience: ['plataforma-reservas', 'auth'] });
  const verifier = refusingEnded(signed, endedSessions);
  const health = new Health();
  const interceptors = [
    watchCalls(secrets),
    ...createInterceptors({
      ...{ logger, verifier, services, metrics },
      ...(accountSessions && { accountSessions }),
      keys: new PostgresIdempotencyKeys(dataSource),
    }),
  ];
  const common = { host: '127.0.0.1', services, interceptors, health, logger };
  const grpc = await startGrpcServer({ ...common, port: 0, reflection: false });
  const http = await startHttpServer({ ...common, port: httpPort, metrics, routes });
  return {
    grpcPort: grpc.port,
    httpPort: http.port,
    services,
    /** Workers, which do nothing until they are started or told to take a turn. */
    background,
    /** Consumers of events, to be handed what would come from the bus. */
    consumers,
    /** What seals its events on their way out. */
    ...(personal && { personal }),
    metrics,
    /** The other services, as far as auth asks them. */
    outros,
    dataSource,
    redis,
    logger,
    /** Marks a place in the log; what is answered forgets what came after it. */
    remember() {
      const { length } = log;
      return () => void log.splice(length);
    },
    /** Places in the log where a secret stands that was used: of a call, of the configuration, or sent by mail. */
    async leaks(): Promise<string[]> {
      const sent: Array<{ codigo: string }> = await dataSource.query(
        `select payload->>'codigo' as codigo from outbox where payload ? 'codigo'`,
      );
      for (const { codigo } of sent) secrets.keep('code by mail', codigo);
      return secrets.foundIn(log.join(''));
    },
    /** Another instance over the same storage, as a second replica makes it. */
    createReplica(
      changes: {
        key?: Buffer;
        previousKey?: Buffer;
        admin?: typeof options.admin | undefined;
        passwords?: typeof options.passwords;
      } = {},
    ) {
      const { key, previousKey, admin, passwords } = {
        key: masterKey,
        previousKey: undefined,
        admin: options.admin,
        ...changes,
      };
      return create(key, admin, passwords, createMetrics('auth'), previousKey);
    },
    async stop() {
      await grpc.close();
      await http.close();
      await outros.close();
      await redis.quit();
      await redisServer.stop();
      await close();
    },
  };
}

/** What whoever runs the installation tells it, and nobody else. */
function secretsOf({ admin, google, passwords }: AuthSettings & { admin: { senha: string } }) {
  return {
    'password of the first administrator': admin.senha,
    ...(google?.googleClientSecret && { 'secret at the issuer': google.googleClientSecret }),
    ...Object.fromEntries((passwords?.passwordPeppers ?? []).map((pepper, n) => [`pepper ${n}`, pepper])),
  };
}

/** Takes the lock that every change of an account waits for. */
export async function prenderContas(dataSource: DataSource): Promise<{ release(): Promise<void> }> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`select pg_advisory_xact_lock(hashtextextended('auth:usuarios', 0))`);
  return {
    async release() {
      await runner.commitTransaction();
      await runner.release();
    },
  };
}

/** How many changes of accounts wait for that lock. */
export async function esperandoContas(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query(`
    select count(*)::int as n from pg_locks join pg_database d on d.oid = database
    where d.datname = current_database() and locktype = 'advisory' and not granted`);
  return row.n;
}

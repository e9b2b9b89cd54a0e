import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeId } from '@plataforma/domain/id';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { Redis } from 'ioredis';
import pg from 'pg';
import { EcoService, ecoService } from '../test/eco-service.ts';
import { failureOf } from '../test/failure-of.ts';
import { healthClient } from '../test/health-client.ts';
import { bearer } from '../test/listeners.ts';
import { createGrpcClient } from './grpc/grpc-client.ts';
import { loadConfig } from './process/config.ts';
import { Lifecycle } from './process/lifecycle.ts';
import { type ServiceDefinition, startService } from './service.ts';
import { type CommonConfig, commonFields } from './service-config.ts';
import { createLogger } from './telemetry/logger.ts';

const ID_KEY = 'ab'.repeat(32);

/** Answers with an identity that nobody had before. */
const definition: ServiceDefinition<CommonConfig> = {
  name: 'teste',
  fields: commonFields,
  stream: { name: 'TESTE', subjects: ['teste.v1.>'] },
  events: [],
  entities: [],
  migrations: [],
  ids: {},
  create: ({ ids }) => ({
    services: [ecoService({ ler: async () => ({ value: await ids.next('eco') }) })],
  }),
};

describe('a service', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let nats: NatsServer;
  let issuer: TestIssuer;
  let sql: pg.Pool;
  let config: CommonConfig;
  const life = new Lifecycle(createLogger({ service: 'teste', level: 'silent' }));

  beforeAll(async () => {
    [database, redis, nats, issuer] = await Promise.all([
      createTestDatabase(),
      startRedis(),
      startNats(),
      createTestIssuer(),
    ]);
    sql = new pg.Pool({ connectionString: database.url });
    const env = {
      GRPC_PORT: `${await freePort()}`,
      HTTP_PORT: `${await freePort()}`,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      NATS_URL: nats.url,
      NATS_STREAM_MAX_MIB: '16',
      JWKS_URL: issuer.jwksUrl,
      JWT_ISSUER: issuer.issuer,
      JWT_AUDIENCE: issuer.audience,
      ID_KEY,
      PAGE_TOKEN_KEYS: 'cd'.repeat(32),
      LOG_LEVEL: 'silent',
    };
    config = loadConfig(env, commonFields);
    await startService(definition, config, life);
  });

  afterAll(async () => {
    await life.shutdown();
    await sql.end();
    await Promise.all([database.drop(), redis.stop(), nats.stop(), issuer.close()]);
  });

  const client = () =>
    createGrpcClient(EcoService, { address: `127.0.0.1:${config.grpcPort}`, timeoutMs: 5_000 });

  it('gives out no identity again after Redis has lost its data', async () => {
    const eco = client();
    const id = async () => decodeId('eco', (await eco.ler({})).value, Buffer.from(ID_KEY, 'hex'));
    expect([await id(), await id()]).toEqual([1n, 2n]);
    const server = new Redis(redis.url);
    await server.flushall();
    await server.call('client', 'kill', 'type', 'normal', 'skipme', 'yes');
    await server.quit();
    let next = 0n;
    await eventually(async () => {
      next = await id();
    });
    // Where the mark in the database is.
    expect(next).toBe(1_002n);
    eco.close();
  });

  it('asks for sessions that go on', async () => {
    const eco = client();
    const token = await issuer.token({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const gravar = () => eco.gravar({ value: 'a' }, bearer(token, { 'idempotency-key': 'a' }));
    await gravar();
    await sql.query(`insert into sessoes_encerradas values ('cli_1', 2, now())`);
    await eventually(async () =>
      expect(await failureOf(gravar())).toMatchObject({ motivo: 'TOKEN_INVALIDO' }),
    );
    eco.close();
  });

  it('says that it is to get no more traffic before it closes what answers', async () => {
    const health = healthClient(config.grpcPort);
    const told: number[] = [];
    const watching = async () => {
      for await (const { status } of health.watch({})) told.push(status);
    };
    const end = failureOf(watching());
    await eventually(() => expect(told).toEqual([1]));
    await life.shutdown();
    expect(await end).toMatchObject({ code: 'Unavailable' });
    expect(told).toEqual([1, 2]);
    health.close();
  });
});

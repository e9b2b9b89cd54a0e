import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { freePort } from '@plataforma/testing/servers/ports';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import { createTestDatabase, type TestDatabase } from '@plataforma/testing/test-database';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import pg from 'pg';
import { EcoService, ecoService } from '../test/eco-service.ts';
import { bearer } from '../test/listeners.ts';
import { EventBus } from './events/event-bus.ts';
import { createGrpcClient } from './grpc/grpc-client.ts';
import { PostgresUnitOfWork } from './postgres/unit-of-work.ts';
import { loadConfig } from './process/config.ts';
import { Lifecycle } from './process/lifecycle.ts';
import { EndedSessionsCopy } from './security/ended-sessions-copy.ts';
import { runService, type ServiceDefinition, type ServiceDeps, startService } from './service.ts';
import { type CommonConfig, commonFields } from './service-config.ts';
import { createLogger } from './telemetry/logger.ts';

/** Keeps what is to be closed, for the spec to do it step by step. */
class Steps extends Lifecycle {
  readonly steps: { readonly name: string; readonly close: () => Promise<unknown> }[] = [];

  constructor() {
    super(createLogger({ service: 'teste', level: 'silent' }));
  }

  override add(name: string, close: () => Promise<unknown>): void {
    this.steps.push({ name, close });
  }

  async closeAll(): Promise<void> {
    for (const { close } of this.steps.splice(0).reverse()) await close();
  }
}

describe('the life of a service', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let nats: NatsServer;
  let issuer: TestIssuer;
  let sql: pg.Pool;
  let env: Record<string, string>;
  let life: Steps;
  /** What the composition root was given, and what runs of what it has answered. */
  let deps: ServiceDeps<CommonConfig>;
  let working: boolean;
  let copying: boolean;
  let consuming: string[];

  const definition: ServiceDefinition<CommonConfig> = {
    name: 'vida',
    fields: commonFields,
    stream: { name: 'VIDA', subjects: ['vida.v1.>'] },
    events: [],
    entities: [],
    migrations: [],
    ids: {},
    create(given) {
      deps = given;
      watchConsumers(given.bus);
      watchCopy();
      return {
        services: [ecoService()],
        routes: [{ method: 'GET', path: '/casa', acesso: 'PUBLICO', handle: async () => ({ status: 204 }) }],
        consumers: [{ stream: 'VIDA', durable: 'vida-eco', filter: 'vida.v1.>', on: [] }],
        background: [
          {
            name: 'obra',
            async start() {
              working = true;
            },
            async stop() {
              working = false;
            },
          },
        ],
      };
    },
  };

  function watchCopy(): void {
    const { start: begin, stop: end } = EndedSessionsCopy.prototype;
    jest.spyOn(EndedSessionsCopy.prototype, 'start').mockImplementation(async function (
      this: EndedSessionsCopy,
    ) {
      await begin.call(this);
      copying = true;
    });
    jest.spyOn(EndedSessionsCopy.prototype, 'stop').mockImplementation(async function (
      this: EndedSessionsCopy,
    ) {
      await end.call(this);
      copying = false;
    });
  }

  function watchConsumers(bus: EventBus): void {
    const consume = bus.consume.bind(bus);
    jest.spyOn(bus, 'consume').mockImplementation((options) => {
      const consumer = consume(options);
      const stop = consumer.stop.bind(consumer);
      consuming.push(options.durable);
      jest.spyOn(consumer, 'stop').mockImplementation(async () => {
        await stop();
        consuming = consuming.filter((durable) => durable !== options.durable);
      });
      return consumer;
    });
  }

  beforeAll(async () => {
    [database, redis, nats, issuer] = await Promise.all([
      createTestDatabase(),
      startRedis(),
      startNats(),
      createTestIssuer(),
    ]);
    sql = new pg.Pool({ connectionString: database.url });
    env = {
      GRPC_PORT: `${await freePort()}`,
      HTTP_PORT: `${await freePort()}`,
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '3',
      REDIS_URL: redis.url,
      NATS_URL: nats.url,
      NATS_STREAM_MAX_MIB: '16',
      JWKS_URL: issuer.jwksUrl,
      JWT_ISSUER: issuer.issuer,
      JWT_AUDIENCE: issuer.audience,
      ID_KEY: 'ab'.repeat(32),
      PAGE_TOKEN_KEYS: 'cd'.repeat(32),
      LOG_LEVEL: 'silent',
    };
  });

  afterEach(async () => {
    await life?.closeAll();
    jest.restoreAllMocks();
  });

  afterAll(async () => {
    await sql.end();
    await Promise.all([database.drop(), redis.stop(), nats.stop(), issuer.close()]);
  });

  async function start(changes: Record<string, string | undefined> = {}, parts = definition): Promise<void> {
    life = new Steps();
    working = false;
    copying = false;
    consuming = [];
    await startService(parts, loadConfig({ ...env, ...changes }, commonFields), life);
  }

  /** What is up, in the order in which it was started. */
  async function up(): Promise<string[]> {
    const parts: [string, boolean][] = [
      ['database', deps.dataSource.isInitialized],
      ['redis', deps.redis.status === 'ready'],
      ['event bus', deps.bus.connected],
      ['outbox relay', await isConnected('outbox-relay')],
      ...['vida-eco', 'vida-sessoes'].map((durable): [string, boolean] => [
        `consumer ${durable}`,
        consuming.includes(durable),
      ]),
      ['copy of ended sessions', copying],
      ['obra', working],
      ['gRPC listener', await answers(deps.config.grpcPort)],
      ['HTTP listener', await answers(deps.config.httpPort)],
    ];
    return parts.filter(([, isUp]) => isUp).map(([name]) => name);
  }

  async function isConnected(application: string): Promise<boolean> {
    const { rows } = await sql.query(
      'select 1 from pg_stat_activity where datname = current_database() and application_name = $1',
      [application],
    );
    return rows.length > 0;
  }

  function answers(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }

  const get = (path: string) => fetch(`http://127.0.0.1:${deps.config.httpPort}${path}`);

  it('starts everything, and closes each part in the opposite order', async () => {
    await start();
    const names = life.steps.map(({ name }) => name);
    expect(names[0]).toBe('telemetry');
    await eventually(async () => expect(await up()).toEqual(names.slice(1)));
    expect(names).toHaveLength(11);
    for (const { name, close } of life.steps.splice(0).reverse()) {
      await close();
      await eventually(async () =>
        expect([name, await up()]).toEqual([name, names.slice(1, names.indexOf(name))]),
      );
    }
  });

  it('answers the calls, the routes and the questions of operators', async () => {
    await start();
    expect((await get('/casa')).status).toBe(204);
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ok', checks: { postgres: 'ok' } });
    jest.spyOn(deps.dataSource, 'query').mockRejectedValue(new Error('away'));
    expect(await (await get('/readyz')).json()).toEqual({
      status: 'unavailable',
      checks: { postgres: 'away' },
    });
  });

  it('answers a call that comes again from what its key has been claimed for', async () => {
    await start(
      {},
      {
        ...definition,
        create: (given) => ({
          ...definition.create(given),
          services: [
            ecoService({
              async gravar({ value }) {
                const uow = new PostgresUnitOfWork(given.dataSource, () => ({}));
                await uow.run(({ claimKey }) => claimKey('efe_1'));
                return { value };
              },
            }),
          ],
        }),
      },
    );
    const eco = createGrpcClient(EcoService, { address: `127.0.0.1:${env.GRPC_PORT}`, timeoutMs: 5_000 });
    const token = await issuer.token({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const gravar = async () =>
      (await eco.gravar({ value: 'a' }, bearer(token, { 'idempotency-key': 'a' }))).value;
    expect([await gravar(), await gravar()]).toEqual(['a', 'efe_1']);
    eco.close();
  });

  it('gives its stream the size that was asked for', async () => {
    const ensured = jest.spyOn(EventBus.prototype, 'ensureStream');
    await start();
    expect(ensured).toHaveBeenCalledWith(
      'VIDA',
      ['vida.v1.>'],
      expect.objectContaining({ maxBytes: 16_777_216 }),
    );
    expect(deps.dataSource.options).toMatchObject({ poolSize: 3, applicationName: 'vida' });
  });

  it('asks for 8 GiB or more of a stream whose size nobody said', async () => {
    const ensured = jest.spyOn(EventBus.prototype, 'ensureStream').mockResolvedValue();
    await start({ NATS_STREAM_MAX_MIB: undefined });
    expect(ensured.mock.calls).toEqual([['VIDA', ['vida.v1.>'], { leastBytes: 8_589_934_592 }]]);
  });

  it('listens to nobody about sessions when it has the accounts itself', async () => {
    await start(
      {},
      {
        ...definition,
        create: (given) => {
          watchConsumers(given.bus);
          deps = given;
          return { services: [ecoService()], accountSessions: { ended: async () => true } };
        },
      },
    );
    expect(consuming).toEqual([]);
    const eco = createGrpcClient(EcoService, { address: `127.0.0.1:${env.GRPC_PORT}`, timeoutMs: 5_000 });
    const token = await issuer.token({ sub: 'cli_1', papeis: ['CLIENTE'] });
    await expect(eco.gravar({ value: 'a' }, bearer(token))).rejects.toThrow('Sua sessão terminou');
    eco.close();
  });

  it('runs until it is told to stop', async () => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const known = signals.flatMap((signal) => process.listeners(signal));
    const added = (signal: NodeJS.Signals) =>
      process.listeners(signal).filter((listener) => !known.includes(listener));
    Object.assign(process.env, env);
    working = false;
    copying = false;
    consuming = [];
    try {
      await runService(definition);
      await eventually(async () => expect(await up()).toHaveLength(10));
      expect(added('SIGINT')).toEqual(added('SIGTERM'));
      for (const stop of added('SIGTERM')) stop('SIGTERM');
      await eventually(async () => expect(await up()).toEqual([]));
    } finally {
      for (const signal of signals)
        for (const listener of added(signal)) process.removeListener(signal, listener);
      for (const name of Object.keys(env)) delete process.env[name];
    }
  });
});

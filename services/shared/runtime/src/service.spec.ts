import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './process/config.ts';
import { Lifecycle } from './process/lifecycle.ts';
import { type ServiceDefinition, startService } from './service.ts';
import { type CommonConfig, commonFields } from './service-config.ts';
import { createLogger } from './telemetry/logger.ts';

const REQUIRED = {
  GRPC_PORT: '50051',
  HTTP_PORT: '8081',
  DATABASE_URL: 'postgres://127.0.0.1:1/teste',
  REDIS_URL: 'redis://localhost',
  NATS_URL: 'nats://localhost',
  JWKS_URL: 'http://localhost/jwks.json',
  JWT_ISSUER: 'emissor',
  JWT_AUDIENCE: 'publico',
  ID_KEY: 'ab'.repeat(16),
  PAGE_TOKEN_KEYS: 'cd'.repeat(32),
};

/** Asks nobody for anything: it comes no further than to its database, which is not there. */
const definition: ServiceDefinition<CommonConfig> = {
  name: 'teste',
  fields: commonFields,
  stream: { name: 'TESTE', subjects: [] },
  events: [],
  entities: [],
  migrations: [],
  ids: {},
  create: () => ({ services: [] }),
};

/** What is to be closed. */
class Steps extends Lifecycle {
  readonly names: string[] = [];

  override add(name: string): void {
    this.names.push(name);
  }
}

describe('what every service reads from its environment', () => {
  const life = new Steps(createLogger({ service: 'teste', level: 'silent' }));

  const read = (env: Record<string, string>) => loadConfig({ ...REQUIRED, ...env }, commonFields);

  /** The first thing that it does with a configuration that it has taken. */
  const taken = (env: Record<string, string>) =>
    expect(startService(definition, read(env), life)).rejects.toThrow(
      /^PostgreSQL cannot be used: .*ECONNREFUSED/,
    );

  it('is enough to start, with a default for what need not be said', async () => {
    await taken({});
    expect(life.names).toEqual(['telemetry']);
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      databasePoolSize: 10,
      streamMaxMib: undefined,
      streamReplicas: 1,
      maxConnections: 2_000,
      maxRequests: 2_000,
      maxStreams: 200,
      addressSharePercent: 75,
      logLevel: 'info',
      reflection: false,
    });
  });

  it.each([
    ['GRPC_PORT', 0, 65_535],
    ['HTTP_PORT', 0, 65_535],
    ['DATABASE_POOL_SIZE', 1, 200],
    ['NATS_STREAM_MAX_MIB', 16, 1_048_576],
    ['NATS_STREAM_REPLICAS', 1, 5],
    ['MAX_CONNECTIONS', 10, 100_000],
    ['MAX_REQUESTS', 10, 100_000],
    ['MAX_STREAMS', 10, 10_000],
    ['MAX_ADDRESS_SHARE', 1, 100],
  ])('is taken for %s from %d to %d', async (name, least, most) => {
    for (const right of [least, most]) await taken({ [name]: `${right}` });
    for (const wrong of [least - 1, most + 1])
      expect(() => read({ [name]: `${wrong}` })).toThrow(
        `${name} needs a whole number from ${least} to ${most}`,
      );
  });

  it('is not taken for a key that is short', async () => {
    await taken({});
    expect(() => read({ PAGE_TOKEN_KEYS: 'cd'.repeat(31) })).toThrow('PAGE_TOKEN_KEYS');
    expect(() => read({ ID_KEY: 'ab'.repeat(15) })).toThrow('ID_KEY');
  });

  it('names the database also where a host has several addresses, and none of them answers', async () => {
    await taken({ DATABASE_URL: 'postgres://localhost:1/teste' });
  });
});

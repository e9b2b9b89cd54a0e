import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './process/config.ts';
import { commonFields } from './service.ts';

const REQUIRED = {
  GRPC_PORT: '50051',
  HTTP_PORT: '8081',
  DATABASE_URL: 'postgres://localhost/teste',
  REDIS_URL: 'redis://localhost',
  NATS_URL: 'nats://localhost',
  JWKS_URL: 'http://localhost/jwks.json',
  JWT_ISSUER: 'emissor',
  JWT_AUDIENCE: 'publico',
  ID_KEY: 'ab'.repeat(16),
  PAGE_TOKEN_KEYS: 'cd'.repeat(32),
};

describe('what every service reads from its environment', () => {
  const read = (env: Record<string, string>) => loadConfig({ ...REQUIRED, ...env }, commonFields);

  it('has a default for what need not be said', () => {
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
  ])('takes %s from %d to %d', (name, least, most) => {
    expect(Object.values(read({ [name]: `${least}` }))).toContain(least);
    expect(Object.values(read({ [name]: `${most}` }))).toContain(most);
    for (const wrong of [least - 1, most + 1])
      expect(() => read({ [name]: `${wrong}` })).toThrow(
        `${name} needs a whole number from ${least} to ${most}`,
      );
  });

  it('takes no key that is short', () => {
    expect(() => read({ PAGE_TOKEN_KEYS: 'cd'.repeat(31) })).toThrow('PAGE_TOKEN_KEYS');
    expect(() => read({ ID_KEY: 'ab'.repeat(15) })).toThrow('ID_KEY');
  });
});

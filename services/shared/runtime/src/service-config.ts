import { natsFields } from './events/nats-access.ts';
import {
  type ConfigOf,
  flag,
  hexKey,
  hexKeys,
  integer,
  list,
  oneOf,
  optional,
  text,
  url,
} from './process/config.ts';
import {
  DEFAULT_ADDRESS_SHARE_PERCENT,
  DEFAULT_MAX_CONNECTIONS,
  DEFAULT_MAX_REQUESTS,
  DEFAULT_MAX_STREAMS,
} from './rpc/listener-limits.ts';

/** What every service reads from its environment. */
export const commonFields = {
  /** Address both listeners bind. */
  host: text('BIND_HOST', { default: '127.0.0.1' }),
  grpcPort: integer('GRPC_PORT', { max: 65_535 }),
  httpPort: integer('HTTP_PORT', { max: 65_535 }),
  databaseUrl: url('DATABASE_URL', ['postgres', 'postgresql']),
  databasePoolSize: integer('DATABASE_POOL_SIZE', { default: 10, min: 1, max: 200 }),
  redisUrl: url('REDIS_URL', ['redis', 'rediss']),
  ...natsFields,
  /** Size in MiB at which the service's stream refuses events. Without it 8 GiB, or more if the server has more. */
  streamMaxMib: optional(integer('NATS_STREAM_MAX_MIB', { min: 16, max: 1024 ** 2 })),
  /** Copies of a stream that this service has to make; those of a stream that is there are the operator's. */
  streamReplicas: integer('NATS_STREAM_REPLICAS', { default: 1, min: 1, max: 5 }),
  /** Where the public keys of auth are. */
  jwksUrl: url('JWKS_URL', ['http', 'https']),
  jwtIssuer: text('JWT_ISSUER'),
  /** `aud` of the tokens of people; those of services name the service itself. */
  jwtAudience: text('JWT_AUDIENCE'),
  /** Key of the permutation behind this service's public ids, which serves nothing else. */
  idKey: hexKey('ID_KEY'),
  /** Sign page tokens, the first one the new ones: 32 bytes each in hexadecimal, separated by commas. */
  pageTokenKeys: hexKeys('PAGE_TOKEN_KEYS', { minBytes: 32 }),
  /** Addresses or CIDR blocks of the proxies in front, whose `x-forwarded-for` says who the client is. */
  trustedProxies: list('TRUSTED_PROXIES', { default: [] }),
  /** Open at a time on each listener. */
  maxConnections: integer('MAX_CONNECTIONS', { default: DEFAULT_MAX_CONNECTIONS, min: 10, max: 100_000 }),
  maxRequests: integer('MAX_REQUESTS', { default: DEFAULT_MAX_REQUESTS, min: 10, max: 100_000 }),
  maxStreams: integer('MAX_STREAMS', { default: DEFAULT_MAX_STREAMS, min: 10, max: 10_000 }),
  /** Of each of them, what one address may use; Kong is one address. */
  addressSharePercent: integer('MAX_ADDRESS_SHARE', {
    default: DEFAULT_ADDRESS_SHARE_PERCENT,
    min: 1,
    max: 100,
  }),
  /** Calls that a program may make by one API key in a minute, of each process. */
  keyCallsPerMinute: integer('KEY_CALLS_PER_MINUTE', { default: 600, min: 1, max: 1_000_000 }),
  logLevel: oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
  }),
  /** Whether the gRPC port describes its services to any client that asks; off in production. */
  reflection: flag('GRPC_REFLECTION', { default: false }),
};

/** Values of {@link commonFields}. */
export type CommonConfig = ConfigOf<typeof commonFields>;

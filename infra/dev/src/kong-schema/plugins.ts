import {
  above,
  anything,
  atLeastOneOf,
  between,
  type EntityCheck,
  type Fields,
  flag,
  integer,
  isFields,
  list,
  map,
  number,
  oneOf,
  type RecordRules,
  record,
  type Shape,
  text,
} from './shapes.ts';
import { address, headerName, hostName } from './texts.ts';

const texts = list(text());
const MAX_TIMEOUT_MS = 2 ** 31 - 2;

/** Ascending: a longer period may not allow less than a shorter one. */
const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const;

/** Kong parses the Lua as well; the dev edge takes only the texts that it reproduces. */
const lua = list(text());

const phases: RecordRules = {
  fields: {
    certificate: lua,
    rewrite: lua,
    access: lua,
    header_filter: lua,
    body_filter: lua,
    log: lua,
  },
  checks: [atLeastOneOf(['certificate', 'rewrite', 'access', 'header_filter', 'body_filter', 'log'])],
};

const redis = record({
  fields: {
    host: text(hostName),
    port: integer(between(0, 65_535)),
    timeout: integer(between(0, MAX_TIMEOUT_MS)),
    username: text(),
    password: anything,
    database: integer(),
    ssl: flag,
    ssl_verify: flag,
    server_name: text(hostName),
  },
});

const FORMATS = ['w3c', 'b3', 'b3-single', 'jaeger', 'ot', 'aws', 'gcp', 'datadog'];

const propagation = record({
  required: ['default_format'],
  fields: {
    extract: list(text(oneOf(...FORMATS.filter((format) => format !== 'b3-single')))),
    clear: list(text(headerName)),
    inject: list(text(oneOf('preserve', ...FORMATS))),
    default_format: text(oneOf(...FORMATS)),
  },
});

/**
 * Configuration of each plugin that this project uses, as Kong 3.9 describes it; the deprecated names of fields are left
 * out, so that they are refused.
 */
const CONFIGS: Readonly<Record<string, RecordRules>> = {
  'correlation-id': {
    fields: {
      header_name: text(),
      generator: text(oneOf('uuid', 'uuid#counter', 'tracker')),
      echo_downstream: flag,
    },
  },
  cors: {
    fields: {
      origins: texts,
      headers: texts,
      exposed_headers: texts,
      methods: list(
        text(oneOf('GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT')),
      ),
      max_age: number(),
      credentials: flag,
      private_network: flag,
      preflight_continue: flag,
    },
  },
  'grpc-gateway': { fields: { proto: text() } },
  jwt: {
    fields: {
      uri_param_names: texts,
      cookie_names: texts,
      header_names: texts,
      key_claim_name: text(),
      secret_is_base64: flag,
      claims_to_verify: list(text(oneOf('exp', 'nbf'))),
      anonymous: text(),
      run_on_preflight: flag,
      maximum_expiration: number(between(0, 31_536_000)),
      realm: text(),
    },
    checks: [
      ({ maximum_expiration: maximum, claims_to_verify: claims }) =>
        Number(maximum ?? 0) > 0 && !(Array.isArray(claims) && claims.includes('exp'))
          ? { at: 'claims_to_verify', why: 'expected to contain: exp' }
          : undefined,
    ],
  },
  opentelemetry: {
    fields: {
      traces_endpoint: text(address),
      logs_endpoint: text(address),
      headers: map(headerName, text()),
      resource_attributes: map(() => undefined, text()),
      queue: anything,
      connect_timeout: integer(between(0, MAX_TIMEOUT_MS)),
      send_timeout: integer(between(0, MAX_TIMEOUT_MS)),
      read_timeout: integer(between(0, MAX_TIMEOUT_MS)),
      http_response_header_for_traceid: text(),
      sampling_rate: number(between(0, 1)),
      propagation,
    },
    checks: [atLeastOneOf(['traces_endpoint', 'logs_endpoint'])],
  },
  'pre-function': phases,
  'post-function': phases,
  prometheus: {
    fields: {
      per_consumer: flag,
      status_code_metrics: flag,
      ai_metrics: flag,
      latency_metrics: flag,
      bandwidth_metrics: flag,
      upstream_health_metrics: flag,
    },
  },
  'rate-limiting': {
    fields: {
      ...Object.fromEntries(PERIODS.map((period) => [period, number(above(0))])),
      limit_by: text(oneOf('consumer', 'credential', 'ip', 'service', 'header', 'path')),
      header_name: text(headerName),
      path: text(),
      // Without a database Kong offers no counters shared through one.
      policy: text(oneOf('local', 'redis')),
      fault_tolerant: flag,
      redis,
      hide_client_headers: flag,
      error_code: number(above(0)),
      error_message: text(),
      sync_rate: number(),
    },
    checks: [
      atLeastOneOf(PERIODS),
      periodsAscend,
      countsInRedis,
      limitsBy('header', 'header_name'),
      limitsBy('path', 'path'),
    ],
  },
  'request-size-limiting': {
    fields: {
      allowed_payload_size: integer(),
      size_unit: text(oneOf('megabytes', 'kilobytes', 'bytes')),
      require_content_length: flag,
    },
  },
};

/** One entry of a list of plugins. */
export const plugin: Shape = (value, where) => {
  const name = isFields(value) ? value.name : undefined;
  if (typeof name !== 'string') return [`${where}.name: required field missing`];
  const config = Object.hasOwn(CONFIGS, name) ? CONFIGS[name] : undefined;
  if (!config) return [`${where}: the check of Kong's schema does not implement the plugin "${name}"`];
  return record({
    fields: {
      name: text(),
      instance_name: text(),
      config: record(config),
      protocols: list(text(oneOf('grpc', 'grpcs', 'http', 'https'))),
      enabled: flag,
      tags: texts,
    },
    // Left out, a configuration consists of its defaults, and some plugins cannot do with those.
    required: config.checks?.some((check) => check({})) ? ['config'] : [],
  })(value, where);
};

function periodsAscend(config: Fields): ReturnType<EntityCheck> {
  const given = PERIODS.filter((period) => typeof config[period] === 'number');
  const wrong = given.find((period, index) =>
    given.slice(0, index).some((shorter) => Number(config[period]) < Number(config[shorter])),
  );
  return wrong && { why: `The limit for ${wrong} cannot be lower than that for a shorter period` };
}

function countsInRedis(config: Fields): ReturnType<EntityCheck> {
  const { redis: settings, policy, sync_rate: rate = -1 } = config;
  if (policy !== 'redis' && rate !== -1) return { why: 'sync_rate can only be used with the redis policy' };
  const host = isFields(settings) ? settings.host : undefined;
  return policy === 'redis' && !host ? { at: 'redis.host', why: 'required field missing' } : undefined;
}

function limitsBy(kind: string, field: string): EntityCheck {
  return (config) =>
    config.limit_by === kind && !config[field] ? { at: field, why: 'required field missing' } : undefined;
}

import { plugin } from './plugins.ts';
import {
  anything,
  atLeastOneOf,
  between,
  type EntityCheck,
  flag,
  integer,
  isFields,
  list,
  map,
  mustBeUnset,
  oneOf,
  quoted,
  record,
  type Shape,
  text,
} from './shapes.ts';
import {
  address,
  entityName,
  headerValue,
  httpMethod,
  publicKey,
  routeHeaderName,
  routerPath,
} from './texts.ts';

const MAX_TIMEOUT_MS = 2 ** 31 - 2;
const timeout = integer(between(1, MAX_TIMEOUT_MS));
const PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp', 'ws', 'wss'];
/** A route speaks one of them: only their two members mix. */
const FAMILIES = [['http', 'https'], ['grpc', 'grpcs'], ['tcp', 'tls', 'udp'], ['tls_passthrough']];

const tags = list(text());

/** Every plugin once: the second of a name would get the identity of the first. */
const plugins = list(plugin, (entries) => {
  const names = entries.map((entry) => (isFields(entry) ? entry.name : undefined));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined ? undefined : `uniqueness violation: plugin '${String(twice)}' already declared`;
});

const ROUTE_FIELDS: Readonly<Record<string, Shape>> = {
  name: text(entityName),
  protocols: list(text(oneOf(...PROTOCOLS)), oneFamily),
  https_redirect_status_code: integer(oneOf(426, 301, 302, 307, 308)),
  strip_path: flag,
  preserve_host: flag,
  request_buffering: flag,
  response_buffering: flag,
  tags,
  snis: list(text()),
  sources: list(anything),
  destinations: list(anything),
  methods: list(text(httpMethod)),
  hosts: list(text()),
  paths: list(text(routerPath)),
  headers: map(routeHeaderName, list(text(headerValue))),
  regex_priority: integer(),
  path_handling: text(oneOf('v0')),
  plugins,
};

const httpRoute = record({
  fields: {
    ...ROUTE_FIELDS,
    sources: mustBeUnset("cannot set 'sources' when 'protocols' is 'http' or 'https'"),
    destinations: mustBeUnset("cannot set 'destinations' when 'protocols' is 'http' or 'https'"),
  },
  checks: [snisNeedTls, hasAttribute(['methods', 'hosts', 'headers', 'paths'], 'https')],
});

const forGrpc = (field: string): string => `cannot set '${field}' when 'protocols' is 'grpc' or 'grpcs'`;

const grpcRoute = record({
  fields: {
    ...ROUTE_FIELDS,
    methods: mustBeUnset(forGrpc('methods')),
    sources: mustBeUnset(forGrpc('sources')),
    destinations: mustBeUnset(forGrpc('destinations')),
    strip_path: (value, where) =>
      value === true ? [`${where}: ${forGrpc('strip_path')}`] : flag(value, where),
  },
  checks: [snisNeedTls, hasAttribute(['hosts', 'headers', 'paths'], 'grpcs')],
});

/** What a route may say depends on the protocols that it serves; http and https unless told otherwise. */
const route: Shape = (value, where) => {
  const protocols = protocolsOf(isFields(value) ? value : {});
  const [first = ''] = protocols;
  if (protocols.length === 0) return [`${where}.protocols: length must be at least 1`];
  if (['grpc', 'grpcs'].includes(first)) return grpcRoute(value, where);
  if (['http', 'https'].includes(first)) return httpRoute(value, where);
  return [`${where}.protocols: the check of Kong's schema does not implement the protocol "${first}"`];
};

export const service = record({
  fields: {
    name: text(entityName),
    url: text(address),
    retries: integer(between(0, 32_767)),
    connect_timeout: timeout,
    write_timeout: timeout,
    read_timeout: timeout,
    tags,
    enabled: flag,
    routes: list(route),
    plugins,
  },
  required: ['url'],
  checks: [
    ({ url }) =>
      /^grpcs?:\/\/[^/]+\//.test(String(url))
        ? { at: 'url', why: "value must be null: 'path' when 'protocol' is 'grpc' or 'grpcs'" }
        : undefined,
  ],
});

const jwtSecret = record({
  fields: {
    key: text(),
    secret: text(),
    rsa_public_key: text(),
    algorithm: text(
      oneOf(...['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']),
    ),
    tags,
  },
  checks: [
    ({ algorithm, rsa_public_key: pem }) => {
      if (!String(algorithm).startsWith('RS')) return undefined;
      const why = typeof pem === 'string' ? publicKey(pem) : 'required field missing';
      return why ? { at: 'rsa_public_key', why } : undefined;
    },
  ],
});

export const consumer = record({
  fields: { username: text(), custom_id: text(), tags, jwt_secrets: list(jwtSecret) },
  checks: [atLeastOneOf(['custom_id', 'username'])],
});

/** The top of the file. */
export const configuration = record({
  fields: {
    _format_version: text(oneOf('1.1', '2.1', '3.0')),
    _transform: flag,
    _comment: text(),
    _ignore: list(anything),
    consumers: list(consumer),
    plugins,
    services: list(service),
  },
  required: ['_format_version'],
});

function protocolsOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(fields.protocols) ? fields.protocols.map(String) : ['http', 'https'];
}

function oneFamily(protocols: readonly unknown[]): string | undefined {
  const used = FAMILIES.filter((family) => protocols.some((one) => family.includes(String(one))));
  if (used.length <= 1) return undefined;
  return `these sets are mutually exclusive: ${used.map((family) => `(${quoted(family)})`).join(', ')}`;
}

function snisNeedTls(fields: Readonly<Record<string, unknown>>): ReturnType<EntityCheck> {
  const overTls = protocolsOf(fields).some((protocol) => ['https', 'grpcs'].includes(protocol));
  const hasSnis = Array.isArray(fields.snis) && fields.snis.length > 0;
  return hasSnis && !overTls
    ? { at: 'snis', why: "'snis' can only be set when 'protocols' is 'grpcs' or 'https'" }
    : undefined;
}

/** A route without any attribute would match everything. */
function hasAttribute(names: readonly string[], secure: string): EntityCheck {
  return (fields) => {
    const wanted = protocolsOf(fields).includes(secure) ? [...names, 'snis'] : names;
    const protocol = protocolsOf(fields).includes(secure) ? secure : secure.slice(0, -1);
    return atLeastOneOf(
      wanted,
      `must set one of ${quoted(wanted)} when 'protocols' is '${protocol}'`,
    )(fields);
  };
}

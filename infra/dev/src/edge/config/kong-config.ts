import { readFileSync } from 'node:fs';
import { kongRefusals, parseKongYaml } from '../../kong-schema/refusals.ts';
import {
  asInteger,
  asList,
  asSettings,
  asString,
  asStrings,
  EdgeConfigError,
  onlyKeys,
  onlyValue,
  type Settings,
} from './config-checks.ts';

export interface PluginEntry {
  readonly name: string;
  readonly config: Settings;
  /** Where it is attached: counters of two instances never mix. */
  readonly scope: string;
}

export interface KongService {
  /** Same text, same settings: connections of an unchanged service survive a reload. */
  readonly id: string;
  readonly name: string;
  readonly protocol: 'grpc' | 'http';
  readonly host: string;
  readonly port: number;
  /** Further attempts after one that failed and is safe to repeat. */
  readonly retries: number;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

export interface KongRoute {
  readonly name: string;
  readonly service: KongService;
  readonly isGrpc: boolean;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly regexPriority: number;
  /** Plugins of the route, its service and the whole node; the nearest instance of each name. */
  readonly plugins: readonly PluginEntry[];
}

export interface JwtSecret {
  readonly key: string;
  readonly algorithm: string;
  readonly publicKeyPem: string;
  readonly consumer: string;
}

interface KongConfig {
  readonly routes: readonly KongRoute[];
  readonly plugins: readonly PluginEntry[];
  readonly jwtSecrets: readonly JwtSecret[];
}

const SERVICE_KEYS = [
  'name',
  'url',
  'retries',
  'connect_timeout',
  'read_timeout',
  'write_timeout',
  'routes',
  'plugins',
];
const ROUTE_KEYS = [
  'name',
  'protocols',
  'strip_path',
  'methods',
  'paths',
  'headers',
  'regex_priority',
  'response_buffering',
  'plugins',
];

/**
 * Reads a rendered DB-less kong.yml.
 *
 * @throws {EdgeConfigError} naming all that Kong would refuse, or the first thing that the edge does not implement.
 */
export function readKongConfig(file: string): KongConfig {
  return parseKongConfig(readFileSync(file, 'utf8'));
}

/** Same as {@link readKongConfig}, from text. */
export function parseKongConfig(text: string): KongConfig {
  const document = asSettings(parseKongYaml(text), 'kong.yml');
  refuseWhatKongRefuses(document);
  onlyKeys(
    document,
    ['_format_version', '_transform', '_ignore', 'consumers', 'plugins', 'services'],
    'kong.yml',
  );
  const plugins = pluginEntries(document.plugins, 'global');
  const services = asList(document.services, 'services');
  return {
    plugins,
    routes: services.flatMap((service) => routesOf(asSettings(service, 'services'), plugins)),
    jwtSecrets: asList(document.consumers, 'consumers').flatMap((consumer) =>
      jwtSecretsOf(asSettings(consumer, 'consumers')),
    ),
  };
}

/** A file that works here and stops Kong would be found out on the day of the rollout. */
function refuseWhatKongRefuses(document: Settings): void {
  const reasons = kongRefusals(document);
  if (reasons.length > 0) throw new EdgeConfigError(`Kong would refuse it: ${reasons.join('; ')}`);
}

function pluginEntries(value: unknown, scope: string): PluginEntry[] {
  return asList(value, `plugins of ${scope}`).map((item) => {
    const entry = asSettings(item, `plugin of ${scope}`);
    const name = asString(entry.name, `plugin of ${scope}`);
    onlyKeys(entry, ['name', 'config'], `plugin ${name} of ${scope}`);
    return { name, scope, config: asSettings(entry.config ?? {}, `plugin ${name} of ${scope}`) };
  });
}

function routesOf(settings: Settings, globals: readonly PluginEntry[]): KongRoute[] {
  const service = serviceOf(settings);
  const servicePlugins = pluginEntries(settings.plugins, `service ${service.name}`);
  return asList(settings.routes, `routes of ${service.name}`).map((route) =>
    routeOf(asSettings(route, `routes of ${service.name}`), service, [...globals, ...servicePlugins]),
  );
}

function serviceOf(settings: Settings): KongService {
  const name = asString(settings.name, 'service name');
  const where = `service ${name}`;
  onlyKeys(settings, SERVICE_KEYS, where);
  const service = {
    name,
    ...parseUpstream(asString(settings.url, `${where} url`), where),
    retries: asInteger(settings.retries, `${where} retries`, 5),
    connectTimeoutMs: asInteger(settings.connect_timeout, `${where} connect_timeout`, 60_000),
    readTimeoutMs: asInteger(settings.read_timeout, `${where} read_timeout`, 60_000),
  };
  return { ...service, id: JSON.stringify(service) };
}

function parseUpstream(text: string, where: string): Pick<KongService, 'protocol' | 'host' | 'port'> {
  const match = /^(grpc|http):\/\/([^/:]+):(\d+)\/?$/.exec(text);
  if (!match) throw new EdgeConfigError(`${where}: url must be grpc://host:port or http://host:port`);
  return { protocol: match[1] === 'grpc' ? 'grpc' : 'http', host: match[2] ?? '', port: Number(match[3]) };
}

function routeOf(settings: Settings, service: KongService, outer: readonly PluginEntry[]): KongRoute {
  const name = asString(settings.name, `route name of ${service.name}`);
  const where = `route ${name}`;
  onlyKeys(settings, ROUTE_KEYS, where);
  if (settings.strip_path !== false)
    throw new EdgeConfigError(`${where}: only "strip_path: false" is implemented`);
  onlyValue(settings, 'response_buffering', [true, false], where);
  const paths = asStrings(settings.paths, `${where} paths`);
  if (paths.length === 0) throw new EdgeConfigError(`${where}: a route without paths is not implemented`);
  return {
    name,
    service,
    paths,
    isGrpc: isGrpc(asStrings(settings.protocols, `${where} protocols`), where),
    methods: asStrings(settings.methods, `${where} methods`),
    headers: headersOf(settings.headers, where),
    regexPriority: asInteger(settings.regex_priority, `${where} regex_priority`, 0),
    plugins: nearestOfEachName([...outer, ...pluginEntries(settings.plugins, where)]),
  };
}

function isGrpc(protocols: string[], where: string): boolean {
  const unknown = protocols.find((protocol) => !['http', 'https', 'grpc', 'grpcs'].includes(protocol));
  if (unknown) throw new EdgeConfigError(`${where}: protocol ${unknown} is not implemented`);
  return protocols.includes('grpc') || protocols.includes('grpcs');
}

function headersOf(value: unknown, where: string): Map<string, string[]> {
  const settings = asSettings(value ?? {}, `${where} headers`);
  return new Map(
    Object.entries(settings).map(([name, values]) => [
      name.toLowerCase(),
      asStrings(values, `${where} header ${name}`),
    ]),
  );
}

/** Kong runs one instance of a plugin per request: a later entry of the same name replaces the earlier. */
function nearestOfEachName(entries: readonly PluginEntry[]): PluginEntry[] {
  return [...new Map(entries.map((entry) => [entry.name, entry])).values()];
}

function jwtSecretsOf(consumer: Settings): JwtSecret[] {
  const username = asString(consumer.username, 'consumer username');
  const where = `consumer ${username}`;
  onlyKeys(consumer, ['username', 'jwt_secrets'], where);
  return asList(consumer.jwt_secrets, `${where} jwt_secrets`).map((item) => {
    const secret = asSettings(item, `${where} jwt_secrets`);
    onlyKeys(secret, ['key', 'algorithm', 'rsa_public_key'], where);
    onlyValue(secret, 'algorithm', ['RS256'], where);
    return {
      consumer: username,
      key: asString(secret.key, `${where} key`),
      algorithm: asString(secret.algorithm, `${where} algorithm`),
      publicKeyPem: asString(secret.rsa_public_key, `${where} rsa_public_key`),
    };
  });
}

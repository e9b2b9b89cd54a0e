import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

export type Servico = 'auth' | 'reservas' | 'pagamentos' | 'notificacoes';

/** `host:port` of the two listeners of a service. */
export interface ServicoAddresses {
  readonly grpc: string;
  readonly http: string;
}

export type RateLimitPolicy =
  | { readonly policy: 'local' }
  | { readonly policy: 'redis'; readonly host: string; readonly port: number };

/** Requests per minute and client address. */
interface RateLimits {
  readonly global: number;
  /** Sign-up, login, codes and passwords. */
  readonly credentials: number;
  readonly webhook: number;
}

export interface PublishedKey extends JsonWebKey {
  readonly kid?: string;
}

export interface KongRenderOptions {
  /** Text of kong.yml with its placeholders. */
  readonly template: string;
  /** Lua of the two files in pre-function/. */
  readonly preFunction: { readonly headerFilter: string; readonly bodyFilter: string };
  /** Lua of the two files in post-function/, and what is served, as `npm run gen` writes it. */
  readonly postFunction: {
    readonly headerFilter: string;
    readonly bodyFilter: string;
    readonly paths: string;
  };
  /** What auth publishes; an empty list makes a Kong that refuses every token. */
  readonly jwks: { readonly keys: readonly PublishedKey[] };
  readonly upstreams: Readonly<Record<Servico, ServicoAddresses>>;
  readonly rateLimit: RateLimitPolicy;
  readonly limits?: Partial<RateLimits>;
  /** Origins of the pages that may call with cookies, such as `https://app.exemplo.com`. */
  readonly corsOrigins?: readonly string[];
  readonly tracesEndpoint?: string;
  /** `host:port` of the page about the API; left out, no route leads to such a page. */
  readonly docs?: string;
}

class KongRenderError extends Error {}

const DEFAULT_LIMITS: RateLimits = { global: 300, credentials: 10, webhook: 6000 };
const GRPC_BASE_PORT = 50_051;
const HTTP_BASE_PORT = 8081;
/** The last one of kong.yml. */
const DOCS_SECTION = /^ *# -+ docs -+\n.*/ms;
const DOCS_PATHS = '\nGET,HEAD ^/docs(/[\\w.-]*)?$\nGET,HEAD ^/(openapi|asyncapi)\\.json/?$';
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;
const SERVICOS: readonly Servico[] = ['auth', 'reservas', 'pagamentos', 'notificacoes'];

/**
 * Fills in kong.yml. Every value goes in as JSON, which YAML contains, so no text can break the file.
 *
 * @throws {KongRenderError} for an origin that is not written out, for a key that is not RSA, is shorter than 2048 bits or has no `kid`, and for a placeholder without a value.
 */
export function renderKongConfig(options: KongRenderOptions): string {
  const values = placeholderValues(options);
  const template = options.docs === undefined ? options.template.replace(DOCS_SECTION, '') : options.template;
  return template.replace(/__([A-Z0-9_]+?)__/g, (_placeholder, name: string) => {
    if (!(name in values)) throw new KongRenderError(`kong.yml: no value for the placeholder ${name}`);
    return JSON.stringify(values[name]);
  });
}

/** Addresses by the project's port scheme: in compose every service has a host of its own name. */
export function defaultUpstreams(hostOf: (servico: Servico) => string): Record<Servico, ServicoAddresses> {
  const entries = SERVICOS.map((servico, index) => [
    servico,
    {
      grpc: `${hostOf(servico)}:${GRPC_BASE_PORT + index}`,
      http: `${hostOf(servico)}:${HTTP_BASE_PORT + index}`,
    },
  ]);
  return Object.fromEntries(entries) as Record<Servico, ServicoAddresses>;
}

function placeholderValues(options: KongRenderOptions): Record<string, unknown> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    PRE_FUNCTION_HEADER_FILTER: options.preFunction.headerFilter,
    PRE_FUNCTION_BODY_FILTER: options.preFunction.bodyFilter,
    POST_FUNCTION_HEADER_FILTER: withPaths(options),
    POST_FUNCTION_BODY_FILTER: options.postFunction.bodyFilter,
    JWT_SECRETS: options.jwks.keys.map(jwtSecret),
    CORS_ORIGINS: (options.corsOrigins ?? ['http://localhost:3000']).map(exactOrigin),
    TRACES_ENDPOINT: options.tracesEndpoint ?? 'http://jaeger:4318/v1/traces',
    RATE_LIMIT_GLOBAL: rateLimit(limits.global, options.rateLimit),
    RATE_LIMIT_CREDENTIALS: rateLimit(limits.credentials, options.rateLimit),
    RATE_LIMIT_WEBHOOK: rateLimit(limits.webhook, { policy: 'local' }),
    ...upstreamUrls(options.upstreams),
    ...(options.docs !== undefined && { DOCS_HTTP: `http://${options.docs}` }),
  };
}

/** The Lua knows what is served; the page about the API only where there is one. */
function withPaths({ postFunction: { headerFilter, paths }, docs }: KongRenderOptions): string {
  return headerFilter.replace('__PATHS__', () => `${paths.trimEnd()}${docs === undefined ? '' : DOCS_PATHS}`);
}

/** With credentials Kong answers `*` by allowing whoever asks, and takes other signs for an expression. */
function exactOrigin(origin: string): string {
  if (!/^https?:\/\/[A-Za-z0-9.:-]+$/.test(origin) || new URL(origin).origin !== origin)
    throw new KongRenderError(`"${origin}" is no origin of a page, such as https://app.exemplo.com`);
  return origin;
}

function upstreamUrls(upstreams: KongRenderOptions['upstreams']): Record<string, string> {
  return Object.fromEntries(
    SERVICOS.flatMap((servico) => [
      [`${servico.toUpperCase()}_GRPC`, `grpc://${upstreams[servico].grpc}`],
      [`${servico.toUpperCase()}_HTTP`, `http://${upstreams[servico].http}`],
    ]),
  );
}

function rateLimit(minute: number, policy: RateLimitPolicy): object {
  const common = { minute, limit_by: 'ip', fault_tolerant: true, policy: policy.policy };
  if (policy.policy === 'local') return common;
  return { ...common, redis: { host: policy.host, port: policy.port, timeout: 200 } };
}

function jwtSecret(jwk: PublishedKey): object {
  if (!jwk.kid) throw new KongRenderError('the JWKS holds a key without "kid"');
  if (jwk.kty !== 'RSA') throw new KongRenderError(`the key "${jwk.kid}" of the JWKS is not RSA`);
  return { key: jwk.kid, algorithm: 'RS256', rsa_public_key: publicPem(jwk) };
}

/** Only the public members are taken, should a private key ever come this way. */
function publicPem(jwk: PublishedKey): string {
  const key = readPublicKey(jwk);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_RSA_BITS)
    throw new KongRenderError(`the key "${jwk.kid}" of the JWKS has only ${bits} bits`);
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function readPublicKey({ kid, n, e }: PublishedKey): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'RSA', n: n ?? '', e: e ?? '' }, format: 'jwk' });
  } catch (cause) {
    throw new KongRenderError(`the key "${kid}" of the JWKS cannot be read`, { cause });
  }
}

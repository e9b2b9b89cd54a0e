import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  asBoolean,
  asInteger,
  asList,
  asString,
  asStrings,
  EdgeConfigError,
  onlyKeys,
  type Settings,
} from '../config/config-checks.ts';
import type { JwtSecret } from '../config/kong-config.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';
import { jsonReply } from '../http/kong-replies.ts';
import { BadTokenError, type DecodedToken, decodeToken } from './jwt-token.ts';

interface JwtCredential {
  readonly key: string;
  readonly algorithm: string;
  readonly publicKey: KeyObject;
  readonly consumer: string;
  readonly consumerId: string;
}

interface JwtSettings {
  readonly keyClaim: string;
  readonly claimsToVerify: readonly string[];
  readonly maximumExpirationS: number;
  readonly headerNames: readonly string[];
  readonly runOnPreflight: boolean;
  readonly realm: string;
}

/** Reads the public keys once; a PEM that is no key stops the edge from starting. */
export function jwtCredentials(secrets: readonly JwtSecret[]): Map<string, JwtCredential> {
  return new Map(secrets.map((secret) => [secret.key, credential(secret)]));
}

/** Lets a request pass only with a token signed by one of the credentials; clock in seconds, no leeway. */
export function jwtPlugin(
  config: Settings,
  credentials: ReadonlyMap<string, JwtCredential>,
  now: () => number = () => Math.floor(Date.now() / 1000),
): Plugin {
  const settings = readSettings(config);
  return {
    name: 'jwt',
    priority: 1450,
    access(exchange: Exchange): Reply | undefined {
      if (exchange.method === 'OPTIONS' && !settings.runOnPreflight) return undefined;
      const outcome = authenticate(exchange, settings, credentials, now());
      if ('status' in outcome) return outcome;
      identify(exchange.upstreamHeaders, outcome);
      return undefined;
    },
  };
}

function readSettings(config: Settings): JwtSettings {
  const where = 'plugin jwt';
  onlyKeys(
    config,
    [
      'key_claim_name',
      'claims_to_verify',
      'maximum_expiration',
      'uri_param_names',
      'cookie_names',
      'header_names',
      'run_on_preflight',
      'realm',
    ],
    where,
  );
  refuseOtherSources(config, where);
  return {
    keyClaim: asString(config.key_claim_name, `${where} key_claim_name`),
    claimsToVerify: asStrings(config.claims_to_verify, `${where} claims_to_verify`),
    maximumExpirationS: asInteger(config.maximum_expiration, `${where} maximum_expiration`, 0),
    headerNames: asStrings(config.header_names, `${where} header_names`).map((name) => name.toLowerCase()),
    runOnPreflight: asBoolean(config.run_on_preflight, `${where} run_on_preflight`, true),
    realm: asString(config.realm, `${where} realm`),
  };
}

/** Kong's default also accepts `?jwt=`: the list must be there, and empty. */
function refuseOtherSources(config: Settings, where: string): void {
  if (config.uri_param_names === undefined) throw new EdgeConfigError(`${where}: set uri_param_names to []`);
  for (const name of ['uri_param_names', 'cookie_names']) {
    if (asList(config[name], `${where} ${name}`).length > 0) {
      throw new EdgeConfigError(`${where}: tokens in ${name} are not implemented`);
    }
  }
}

function credential(secret: JwtSecret): JwtCredential {
  try {
    return {
      key: secret.key,
      algorithm: secret.algorithm,
      publicKey: createPublicKey(secret.publicKeyPem),
      consumer: secret.consumer,
      consumerId: stableUuid(secret.consumer),
    };
  } catch (cause) {
    throw new EdgeConfigError(`jwt_secrets: the key "${secret.key}" is not a public key in PEM`, { cause });
  }
}

function authenticate(
  exchange: Exchange,
  settings: JwtSettings,
  credentials: ReadonlyMap<string, JwtCredential>,
  now: number,
): JwtCredential | Reply {
  const text = bearerToken(exchange.request.headers, settings.headerNames);
  const refuse = (body: object): Reply => challenge(exchange, settings, body, text !== undefined);
  if (text === undefined) return refuse({ message: 'Unauthorized' });
  const token = decodeOrError(text);
  if (token instanceof BadTokenError) return refuse({ message: `Bad token; ${token.message}` });
  const key = keyOf(token, settings.keyClaim);
  if (key === undefined) return refuse({ message: `No mandatory '${settings.keyClaim}' in claims` });
  if (key === '') return refuse({ message: `Invalid '${settings.keyClaim}' in claims` });
  const found = typeof key === 'string' ? credentials.get(key) : undefined;
  if (!found) return refuse({ message: `No credentials found for given '${settings.keyClaim}'` });
  if (token.header.alg !== found.algorithm) return refuse({ message: 'Invalid algorithm' });
  if (!isSignedBy(token, found)) return refuse({ message: 'Invalid signature' });
  const errors = claimErrors(token.claims, settings, now);
  return errors ? refuse(errors) : found;
}

/** The header is looked at only where the payload says nothing, and to Lua a `null` is something. */
function keyOf({ claims, header }: DecodedToken, name: string): unknown {
  const inClaims = claims[name];
  return inClaims === undefined || inClaims === false ? header[name] : inClaims;
}

function bearerToken(headers: IncomingHttpHeaders, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headers[name];
    const token = /\s*[Bb]earer\s+(.+)/.exec((Array.isArray(value) ? value[0] : value) ?? '')?.[1];
    if (token !== undefined) return token;
  }
  return undefined;
}

function decodeOrError(text: string): DecodedToken | BadTokenError {
  try {
    return decodeToken(text);
  } catch (error) {
    if (error instanceof BadTokenError) return error;
    throw error;
  }
}

function isSignedBy(token: DecodedToken, { publicKey }: JwtCredential): boolean {
  return verify('RSA-SHA256', Buffer.from(token.signingInput), publicKey, token.signature);
}

function claimErrors(
  claims: Record<string, unknown>,
  settings: JwtSettings,
  now: number,
): Record<string, string> | undefined {
  const errors: Record<string, string> = {};
  for (const name of settings.claimsToVerify) {
    const error = claimError(name, claims[name], now);
    if (error) errors[name] = error;
  }
  if (Object.keys(errors).length > 0) return errors;
  const { exp } = claims;
  const tooFar = settings.maximumExpirationS > 0 && !(Number(exp) - now <= settings.maximumExpirationS);
  return tooFar ? { exp: 'exceeds maximum allowed expiration' } : undefined;
}

function claimError(name: string, value: unknown, now: number): string | undefined {
  if (typeof value !== 'number') return 'must be a number';
  if (name === 'exp') return value <= now ? 'token expired' : undefined;
  return value > now ? 'token not valid yet' : undefined;
}

function challenge(exchange: Exchange, settings: JwtSettings, body: object, hadToken: boolean): Reply {
  const reply = jsonReply(exchange, 401, body);
  const error = hadToken ? ' error="invalid_token"' : '';
  reply.headers.set('www-authenticate', `Bearer realm="${settings.realm}"${error}`);
  return reply;
}

/** Overwrites what the client may have sent under the same names. */
function identify(headers: IncomingHttpHeaders, { key, consumer, consumerId }: JwtCredential): void {
  delete headers['x-consumer-custom-id'];
  delete headers['x-anonymous-consumer'];
  headers['x-consumer-id'] = consumerId;
  headers['x-consumer-username'] = consumer;
  headers['x-credential-identifier'] = key;
}

function stableUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

import { readFileSync } from 'node:fs';
import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  type TlsOptions,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { ConfigError, type ConfigOf, optional, secret, text, urls } from '../process/config.ts';

/** Where NATS is, and how a process proves who it is. Without credentials none are shown. */
export const natsFields = {
  /** One server or several of a cluster. With `tls://` a connection is encrypted or not made. */
  natsUrl: urls('NATS_URL', ['nats', 'tls']),
  natsUser: optional(text('NATS_USER')),
  natsPassword: optional(secret('NATS_PASSWORD', { minLength: 1 })),
  natsToken: optional(secret('NATS_TOKEN', { minLength: 1 })),
  /** File with the seed of an nkey (`SU...`). */
  natsNkeyFile: optional(text('NATS_NKEY_FILE')),
  /** File with a user's JWT and nkey, as `nsc generate creds` writes it. */
  natsCredsFile: optional(text('NATS_CREDS_FILE')),
  /** Certificates that are believed beside those that Node knows. */
  natsCaFile: optional(text('NATS_CA_FILE')),
  /** Certificate of this client and its key, for servers that verify clients. */
  natsCertFile: optional(text('NATS_CERT_FILE')),
  natsKeyFile: optional(text('NATS_KEY_FILE')),
};

type NatsConfig = ConfigOf<typeof natsFields>;

/** What a connection needs beside its name. */
export interface NatsAccess {
  /** Without what their addresses said of the user: these are shown in logs. */
  readonly servers: readonly string[];
  readonly authenticator?: Authenticator;
  readonly tls?: TlsOptions;
}

/**
 * What the environment says of NATS, made ready for the client.
 *
 * @throws {ConfigError} for more than one way to log in, half of one, and files that cannot be read.
 */
export function natsAccess(config: NatsConfig): NatsAccess {
  const addresses = config.natsUrl.map((address) => new URL(address));
  const ways = loginWays(config, addresses);
  if (ways.length > 1)
    throw new ConfigError([`NATS: more than one way to log in: ${ways.map(({ name }) => name).join(', ')}`]);
  const tls = tlsOptions(config, addresses);
  return {
    servers: addresses.map(withoutUser),
    ...(ways[0] && { authenticator: ways[0].authenticator }),
    ...(tls && { tls }),
  };
}

interface LoginWay {
  readonly name: string;
  readonly authenticator: Authenticator;
}

function loginWays(config: NatsConfig, addresses: readonly URL[]): LoginWay[] {
  const { natsUser: user, natsPassword: password, natsToken: token } = config;
  if ((user === undefined) !== (password === undefined))
    throw new ConfigError(['NATS_USER and NATS_PASSWORD: one of them is missing']);
  const ways: LoginWay[] = [];
  const add = (name: string, authenticator: Authenticator) => ways.push({ name, authenticator });
  if (user !== undefined) add('NATS_USER', usernamePasswordAuthenticator(user, password));
  if (token !== undefined) add('NATS_TOKEN', tokenAuthenticator(token));
  if (config.natsNkeyFile !== undefined)
    add(
      'NATS_NKEY_FILE',
      fromFile('NATS_NKEY_FILE', config.natsNkeyFile, (text) => nkeyAuthenticator(bytes(text.trim()))),
    );
  if (config.natsCredsFile !== undefined)
    add(
      'NATS_CREDS_FILE',
      fromFile('NATS_CREDS_FILE', config.natsCredsFile, (text) => credsAuthenticator(bytes(`${text}\n`))),
    );
  const inUrl = addresses.find(({ username }) => username !== '');
  if (inUrl) add('NATS_URL', urlAuthenticator(inUrl));
  return ways;
}

/** `nats://user:password@host` and `nats://token@host`, which the client itself would pass over in silence. */
function urlAuthenticator({ username, password }: URL): Authenticator {
  const user = decodeURIComponent(username);
  return password === ''
    ? tokenAuthenticator(user)
    : usernamePasswordAuthenticator(user, decodeURIComponent(password));
}

/** The file is read at each login, so that a reconnection takes up credentials that were replaced. */
function fromFile(name: string, file: string, make: (text: string) => Authenticator): Authenticator {
  const read = () => make(readable(name, file));
  read();
  return (nonce) => read()(nonce);
}

function tlsOptions(
  { natsCaFile: caFile, natsCertFile: certFile, natsKeyFile: keyFile }: NatsConfig,
  addresses: readonly URL[],
): TlsOptions | undefined {
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new ConfigError(['NATS_CERT_FILE and NATS_KEY_FILE: one of them is missing']);
  if (caFile !== undefined) readable('NATS_CA_FILE', caFile);
  if (certFile !== undefined) readable('NATS_CERT_FILE', certFile);
  if (keyFile !== undefined) readable('NATS_KEY_FILE', keyFile);
  const asked = caFile !== undefined || certFile !== undefined;
  if (!asked && addresses.every(({ protocol }) => protocol !== 'tls:')) return undefined;
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

function readable(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError([`${name} cannot be read (${(cause as NodeJS.ErrnoException).code})`]);
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

function withoutUser(address: URL): string {
  return `${address.protocol}//${address.host}`;
}

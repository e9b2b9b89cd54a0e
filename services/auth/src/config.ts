import { type ConfigOf, hexKey, integer, list, optional, secret, text } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service';

/** What auth reads from its environment. */
export const fields = {
  ...commonFields,
  /** Encrypts the private keys at rest; 32 bytes. Without it they cannot be read and auth does not start. */
  masterKey: hexKey('MASTER_KEY', { minBytes: 32 }),
  /** Services that may ask for tokens: `name:sha256-of-secret:audience|audience`. */
  serviceClients: list('SERVICE_CLIENTS', { default: [] }),
  /** Addresses or CIDR blocks of the proxies in front, whose `x-forwarded-for` says who the client is. */
  trustedProxies: list('TRUSTED_PROXIES', { default: [] }),
  /** Logins and sign-ups of one client address, all calls together; as many may come at once. */
  credentialsPerMinute: integer('CREDENTIALS_PER_MINUTE', { default: 20, min: 1, max: 60_000 }),
  /** First administrator of an empty installation. */
  adminEmail: optional(text('ADMIN_EMAIL')),
  adminPassword: optional(secret('ADMIN_PASSWORD', { minLength: 8 })),
};

export type AuthConfig = ConfigOf<typeof fields>;

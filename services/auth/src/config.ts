import { type ConfigOf, hexKey, list, optional, secret, text } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service';

/** What auth reads from its environment. */
export const fields = {
  ...commonFields,
  /** Encrypts the private keys at rest; 32 bytes. Without it they cannot be read and auth does not start. */
  masterKey: hexKey('MASTER_KEY', { minBytes: 32 }),
  /** Services that may ask for tokens: `name:sha256-of-secret:audience|audience`. */
  serviceClients: list('SERVICE_CLIENTS', { default: [] }),
  /** First administrator of an empty installation. */
  adminEmail: optional(text('ADMIN_EMAIL')),
  adminPassword: optional(secret('ADMIN_PASSWORD', { minLength: 8 })),
};

export type AuthConfig = ConfigOf<typeof fields>;

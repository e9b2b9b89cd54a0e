import { type ConfigOf, hexKey, integer, list, optional } from '@plataforma/runtime/config';

/** What the keys of auth need of its environment. */
export const chavesFields = {
  /** Encrypts the private keys at rest; 32 bytes. Without it they cannot be read and auth does not start. */
  masterKey: hexKey('MASTER_KEY', { minBytes: 32 }),
  /** Opens what was sealed before the master key was replaced; to be left out once nothing is sealed under it any more. */
  previousMasterKey: optional(hexKey('PREVIOUS_MASTER_KEY', { minBytes: 32 })),
  /** Age at which the signing key is replaced. */
  signingKeyDays: integer('SIGNING_KEY_DAYS', { default: 90, min: 1, max: 3_650 }),
  /** Where the next key is tried before it signs; without any the key is not replaced by itself. */
  canaryUrls: list('CANARY_URLS', { default: [] }),
};

export type ChavesConfig = ConfigOf<typeof chavesFields>;

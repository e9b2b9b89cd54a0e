import {
  type ConfigOf,
  flag,
  hexKeys,
  integer,
  list,
  optional,
  secret,
  text,
  url,
} from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service-config';
import { chavesFields } from './chaves/infrastructure/chaves-config.ts';

/** What auth reads from its environment. */
export const fields = {
  ...commonFields,
  ...chavesFields,
  /** Services that may ask for tokens: `name:sha256-of-secret:audience|audience`. */
  serviceClients: list('SERVICE_CLIENTS', { default: [] }),
  /** Logins and sign-ups of one client address, all calls together; as many may come at once. */
  credentialsPerMinute: integer('CREDENTIALS_PER_MINUTE', { default: 20, min: 1, max: 60_000 }),
  /** Least length of a new password, in characters. */
  passwordMinLength: integer('PASSWORD_MIN_LENGTH', { default: 8, min: 8, max: 64 }),
  /** Least strength of a new password, as zxcvbn scores it: 0 asks for nothing beyond length and the list of common ones. */
  passwordMinScore: integer('PASSWORD_MIN_SCORE', { default: 2, min: 0, max: 4 }),
  /** Memory and passes of argon2id. */
  passwordHashKib: integer('PASSWORD_HASH_KIB', { default: 19_456, min: 19_456, max: 1_048_576 }),
  passwordHashPasses: integer('PASSWORD_HASH_PASSES', { default: 2, min: 2, max: 20 }),
  /** Secrets that go into the hashes: the first one from now on, the others for those of before; 32 bytes each. */
  passwordPeppers: optional(hexKeys('PASSWORD_PEPPERS', { minBytes: 32 })),
  /** Whether the rights of an administrator are given only to sessions that have proved a second factor. */
  mfaRequiredForAdmins: flag('MFA_REQUIRED_FOR_ADMINS', { default: false }),
  /** Who logs people in beside us; an issuer on plain HTTP is believed on this machine only. */
  googleIssuer: url('GOOGLE_ISSUER', ['https', 'http'], { default: 'https://accounts.google.com' }),
  /** As registered there; without both nobody logs in with Google. */
  googleClientId: optional(text('GOOGLE_CLIENT_ID')),
  googleClientSecret: optional(secret('GOOGLE_CLIENT_SECRET')),
  /** Where the issuer may send browsers afterwards, letter by letter; also registered there. */
  googleRedirectUris: list('GOOGLE_REDIRECT_URIS', { default: [] }),
  /** The REST API as clients see it: addresses of exported data start with it. */
  publicUrl: url('PUBLIC_URL', ['http', 'https'], { default: 'http://127.0.0.1:8000' }),
  /** `host:port` of the gRPC listeners of the other services, which are asked what they know about a person. */
  reservasAddress: text('RESERVAS_GRPC_ADDRESS'),
  pagamentosAddress: text('PAGAMENTOS_GRPC_ADDRESS'),
  notificacoesAddress: text('NOTIFICACOES_GRPC_ADDRESS'),
  /** Domain that passkeys are made for: that of the pages which ask for them, or one above it. */
  passkeyRpId: text('PASSKEY_RP_ID', { default: 'localhost' }),
  /** Origins of those pages, letter by letter. */
  passkeyOrigins: list('PASSKEY_ORIGINS', { default: ['http://localhost:8000'] }),
  /** First administrator of an empty installation. */
  adminEmail: optional(text('ADMIN_EMAIL')),
  adminPassword: optional(secret('ADMIN_PASSWORD', { minLength: 8 })),
};

export type AuthConfig = ConfigOf<typeof fields>;

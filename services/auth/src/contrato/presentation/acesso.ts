import type { AuditService } from '@plataforma/contratos/auth/v1/audit_service_pb';
import type { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import type { ChavesApiService } from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import type { ErasuresService } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import type { ExportService } from '@plataforma/contratos/auth/v1/export_service_pb';
import type { PasskeysService } from '@plataforma/contratos/auth/v1/passkeys_service_pb';
import type { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import type { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import type { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import type { RotaDeclarada } from '@plataforma/runtime/http-routes';
import { PESSOAS } from '@plataforma/runtime/principal';
import type { AcessoDe } from '@plataforma/runtime/rpc';

const ADMIN = { papeis: ['ADMIN'] } as const;

/** What is open to everyone asks for its proof in the request: a password, a code, a token of its own. */
export const AUTH: AcessoDe<typeof AuthService> = {
  signup: 'PUBLICO',
  login: 'PUBLICO',
  verifyMfa: 'PUBLICO',
  refresh: 'PUBLICO',
  logout: 'AUTENTICADO',
  setupMfa: 'AUTENTICADO',
  activateMfa: 'AUTENTICADO',
  disableMfa: 'AUTENTICADO',
  renewRecoveryCodes: 'AUTENTICADO',
  startGoogle: 'PUBLICO',
  finishGoogle: 'PUBLICO',
  startGoogleLink: 'AUTENTICADO',
  linkGoogle: 'AUTENTICADO',
  unlinkGoogle: 'AUTENTICADO',
  verifyEmail: 'PUBLICO',
  resendVerification: 'AUTENTICADO',
  forgotPassword: 'PUBLICO',
  resetPassword: 'PUBLICO',
  changePassword: 'AUTENTICADO',
  listSessions: 'AUTENTICADO',
  revokeOtherSessions: 'AUTENTICADO',
  revokeSession: { papeis: PESSOAS, respostas: { DONO: 'PODE', OUTROS: 'NAO_ENCONTRADO' } },
};

/** Of passkeys people name their own alone; at a login the passkey says whose it is. */
export const PASSKEYS: AcessoDe<typeof PasskeysService> = {
  startPasskeyRegistration: 'AUTENTICADO',
  finishPasskeyRegistration: 'AUTENTICADO',
  listPasskeys: 'AUTENTICADO',
  removePasskey: 'AUTENTICADO',
  startPasskeyLogin: 'PUBLICO',
  finishPasskeyLogin: 'PUBLICO',
  startPasskeyProof: 'AUTENTICADO',
  finishPasskeyProof: 'AUTENTICADO',
};

export const USERS: AcessoDe<typeof UsersService> = {
  getMe: 'AUTENTICADO',
  updateMe: 'AUTENTICADO',
  confirmEmailChange: 'AUTENTICADO',
  deleteMe: 'AUTENTICADO',
  listUsers: ADMIN,
  getUser: { papeis: PESSOAS, respostas: { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'NAO_ENCONTRADO' } },
  updateUser: ADMIN,
  deleteUser: ADMIN,
  resetUserMfa: ADMIN,
};

export const AUDIT: AcessoDe<typeof AuditService> = {
  listSecurityEvents: ADMIN,
  listMySecurityEvents: 'AUTENTICADO',
};

/** Who has the protocol of an erasure may read its report: the person it is about has no account any more. */
export const ERASURES: AcessoDe<typeof ErasuresService> = {
  getErasureReport: 'PUBLICO',
  listErasures: ADMIN,
};

export const EXPORT: AcessoDe<typeof ExportService> = {
  requestExport: 'AUTENTICADO',
  getExport: { papeis: PESSOAS, respostas: { DONO: 'PODE', OUTROS: 'NAO_ENCONTRADO' } },
  listExports: 'AUTENTICADO',
};

/** People make keys for themselves, in sessions of their own: no key leads to another one. An administrator may end any. */
export const CHAVES_API: AcessoDe<typeof ChavesApiService> = {
  criarChave: 'AUTENTICADO',
  listarChaves: { papeis: PESSOAS, respostas: { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'OMITIDO' } },
  rotacionarChave: { papeis: PESSOAS, respostas: { DONO: 'PODE', OUTROS: 'NAO_ENCONTRADO' } },
  revogarChave: { papeis: PESSOAS, respostas: { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'NAO_ENCONTRADO' } },
};

/** The secret in the request is the proof. */
export const SERVICE_TOKENS: AcessoDe<typeof ServiceTokensService> = { issueServiceToken: 'PUBLICO' };

/** For those who seal or open what events say about people: pagamentos does neither. */
export const PERSONAL_KEYS: AcessoDe<typeof PersonalKeysService> = {
  getPersonalKey: { servicos: ['reservas', 'notificacoes'] },
};

/** Public keys are. */
export const JWKS: RotaDeclarada = { method: 'GET', path: '/.well-known/jwks.json', acesso: 'PUBLICO' };

/** Tokens for API keys: the secret in the request is the proof. */
export const OAUTH_TOKEN = {
  method: 'POST',
  path: '/api/v1/oauth/token',
  acesso: 'PUBLICO',
} as const satisfies RotaDeclarada;

/** Browsers follow the address of an archive and send no token. */
export const DOWNLOAD = {
  method: 'GET',
  path: '/api/v1/exports/*',
  acesso: 'ENDERECO',
} as const satisfies RotaDeclarada;

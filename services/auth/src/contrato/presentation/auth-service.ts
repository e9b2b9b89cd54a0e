import type { ServiceImpl } from '@connectrpc/connect';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';

/** What a room answers of the service. */
export type AuthRpcs = Partial<ServiceImpl<typeof AuthService>>;

/** Accounts, sessions and the ways for people to prove who they are: each room answers its part of the contract. */
export function authService(...rooms: readonly AuthRpcs[]): RpcService {
  return rpcService(AuthService, {
    acesso: {
      signup: 'PUBLICO',
      login: 'PUBLICO',
      verifyMfa: 'PUBLICO',
      refresh: 'PUBLICO',
      logout: 'AUTENTICADO',
      setupMfa: 'AUTENTICADO',
      activateMfa: 'AUTENTICADO',
      disableMfa: 'AUTENTICADO',
      startGoogle: 'PUBLICO',
      finishGoogle: 'PUBLICO',
      verifyEmail: 'PUBLICO',
      resendVerification: 'AUTENTICADO',
      forgotPassword: 'PUBLICO',
      resetPassword: 'PUBLICO',
      changePassword: 'AUTENTICADO',
      listSessions: 'AUTENTICADO',
      revokeSession: 'AUTENTICADO',
    },
    repeats: {
      logout: harmless('a session that has ended stays so'),
      resendVerification: async () => ({}),
    },
    impl: Object.assign({}, ...rooms),
  });
}

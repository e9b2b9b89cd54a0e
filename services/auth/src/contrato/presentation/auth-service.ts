import type { ServiceImpl } from '@connectrpc/connect';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { AUTH } from './acesso.ts';

/** What a room answers of the service. */
export type AuthRpcs = Partial<ServiceImpl<typeof AuthService>>;

/** Accounts, sessions and the ways for people to prove who they are: each room answers its part of the contract. */
export function authService(...rooms: readonly AuthRpcs[]): RpcService {
  return rpcService(AuthService, {
    acesso: AUTH,
    repeats: {
      logout: harmless('a session that has ended stays so'),
      resendVerification: async () => ({}),
      revokeSession: harmless('a session that has ended stays so'),
      changePassword: async () => ({}),
    },
    impl: Object.assign({}, ...rooms),
  });
}

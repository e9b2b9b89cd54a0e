import type { ServiceImpl } from '@connectrpc/connect';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { harmless, type Repeats, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { AUTH } from './acesso.ts';

/** What a room answers of the service. */
export type AuthRpcs = Partial<ServiceImpl<typeof AuthService>>;

/** How calls that are sent again are answered where only the room knows. */
export type AuthRepeats = Repeats<typeof AuthService>;

/** Accounts, sessions and the ways for people to prove who they are: each room answers its part of the contract. */
export function authService(repeats: AuthRepeats, ...rooms: readonly AuthRpcs[]): RpcService {
  return rpcService(AuthService, {
    acesso: AUTH,
    repeats: {
      logout: harmless('a session that has ended stays so'),
      resendVerification: async () => ({}),
      revokeSession: harmless('a session that has ended stays so'),
      changePassword: async () => ({}),
      setupMfa: harmless('of the set-ups that nobody has finished the newest counts, and it changes nothing'),
      disableMfa: async () => ({}),
      ...repeats,
    },
    impl: Object.assign({}, ...rooms),
  });
}

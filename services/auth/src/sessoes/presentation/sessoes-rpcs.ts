import { create } from '@bufbuild/protobuf';
import { LogoutResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import type { AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { LoginHandler } from '../application/login.ts';
import type { LogoutHandler } from '../application/logout.ts';
import type { RefreshHandler } from '../application/refresh.ts';
import { toLoginResponse } from './sessoes-mappers.ts';

interface Deps {
  readonly login: LoginHandler;
  readonly refresh: RefreshHandler;
  readonly logout: LogoutHandler;
  readonly origemDe: OrigemDe;
}

/** Opening, renewing and ending a session. On refresh the refresh token itself is the proof. */
export function sessoesRpcs({ login, refresh, logout, origemDe }: Deps): AuthRpcs {
  return {
    async login({ email, password }, context) {
      const command = { email, senha: password, origem: origemDe(context) };
      return toLoginResponse(valueOrThrow(await login.execute(command)), context);
    },
    async refresh({ refreshToken }, context) {
      return toLoginResponse(valueOrThrow(await refresh.execute({ refreshToken })), context);
    },
    async logout({ refreshToken }, context) {
      const { sessaoId } = principalOf(context);
      await logout.execute({ refreshToken, sessaoId });
      return create(LogoutResponseSchema);
    },
  };
}

import { create } from '@bufbuild/protobuf';
import { LogoutResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import type { ClientAddresses } from '@plataforma/runtime/client-address';
import { principalOf } from '@plataforma/runtime/principal';
import type { AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { toRpcError } from '../../contrato/presentation/errors.ts';
import type { LoginHandler } from '../application/login.ts';
import type { Sessions } from '../application/ports.ts';
import type { RefreshHandler } from '../application/refresh.ts';
import { toLoginResponse } from './sessoes-mappers.ts';

interface Deps {
  readonly login: LoginHandler;
  readonly refresh: RefreshHandler;
  readonly sessions: Sessions;
  readonly clients: ClientAddresses;
}

/** Opening, renewing and ending a session. On refresh the refresh token itself is the proof. */
export function sessoesRpcs({ login, refresh, sessions, clients }: Deps): AuthRpcs {
  return {
    async login({ email, password }, context) {
      const outcome = await login.execute({ email, senha: password, endereco: clients.of(context) });
      if (outcome.isFailure) throw toRpcError(outcome.error);
      return toLoginResponse(outcome.value, context);
    },
    async refresh({ refreshToken }, context) {
      const outcome = await refresh.execute(refreshToken);
      if (outcome.isFailure) throw toRpcError(outcome.error);
      return toLoginResponse(outcome.value, context);
    },
    async logout({ refreshToken }, context) {
      const { sessaoId } = principalOf(context);
      if (refreshToken !== '') await sessions.close(refreshToken);
      else if (sessaoId !== undefined) await sessions.end(sessaoId);
      return create(LogoutResponseSchema);
    },
  };
}

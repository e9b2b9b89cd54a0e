import { create } from '@bufbuild/protobuf';
import {
  ListSessionsResponseSchema,
  LogoutResponseSchema,
  RevokeOtherSessionsResponseSchema,
  RevokeSessionResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import type { AuthRepeats, AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { rememberDevice } from '../../credenciais/presentation/device-cookie.ts';
import type { LoginHandler } from '../application/login.ts';
import type { LogoutHandler } from '../application/logout.ts';
import type { RefreshHandler } from '../application/refresh.ts';
import type { RevokeOtherSessionsHandler } from '../application/revoke-other-sessions.ts';
import type { RevokeSessionHandler } from '../application/revoke-session.ts';
import type { SessoesQueries } from '../application/sessoes-queries.ts';
import { toLoginResponse, toSessaoProto } from './sessoes-mappers.ts';

interface Deps {
  readonly login: LoginHandler;
  readonly refresh: RefreshHandler;
  readonly logout: LogoutHandler;
  readonly queries: SessoesQueries;
  readonly revoke: RevokeSessionHandler;
  readonly revokeOthers: RevokeOtherSessionsHandler;
  readonly origemDe: OrigemDe;
}

/** How calls that are sent again are answered. */
export function sessoesRepeats(revokeOthers: RevokeOtherSessionsHandler): AuthRepeats {
  return {
    revokeOtherSessions: async (efeito) => ({ encerradas: await revokeOthers.repeat(efeito) }),
  };
}

/** Opening, renewing, showing and ending sessions. On refresh the refresh token itself is the proof. */
export function sessoesRpcs({
  login,
  refresh,
  logout,
  queries,
  revoke,
  revokeOthers,
  origemDe,
}: Deps): AuthRpcs {
  return {
    async login({ email, password }, context) {
      const command = { email, senha: password, origem: origemDe(context) };
      const { entrada, aparelho } = valueOrThrow(await login.execute(command));
      if (aparelho !== undefined) rememberDevice(context, aparelho);
      return toLoginResponse(entrada, context);
    },
    async refresh({ refreshToken }, context) {
      return toLoginResponse(
        valueOrThrow(await refresh.execute({ refreshToken, origem: origemDe(context) })),
        context,
      );
    },
    async logout({ refreshToken }, context) {
      const { id: usuarioId, sessaoId } = principalOf(context);
      await logout.execute({ usuarioId, refreshToken, sessaoId, origem: origemDe(context) });
      return create(LogoutResponseSchema);
    },
    async listSessions(_request, context) {
      const { id, sessaoId } = principalOf(context);
      const sessoes = await queries.abertas(id);
      return create(ListSessionsResponseSchema, {
        sessoes: sessoes.map((sessao) => toSessaoProto(sessao, sessaoId)),
      });
    },
    async revokeSession({ sessionId: sessaoId }, context) {
      valueOrThrow(
        await revoke.execute({ usuarioId: principalOf(context).id, sessaoId, origem: origemDe(context) }),
      );
      return create(RevokeSessionResponseSchema);
    },
    async revokeOtherSessions(_request, context) {
      const { id: usuarioId, sessaoId } = principalOf(context);
      const encerradas = await revokeOthers.execute({ usuarioId, sessaoId, origem: origemDe(context) });
      return create(RevokeOtherSessionsResponseSchema, { encerradas });
    },
  };
}

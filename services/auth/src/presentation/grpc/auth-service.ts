import { create } from '@bufbuild/protobuf';
import {
  AuthService,
  LogoutResponseSchema,
  ResendVerificationResponseSchema,
  VerifyEmailResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import type { ClientAddresses } from '@plataforma/runtime/client-address';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { REPLAYED_HEADER } from '@plataforma/runtime/interceptors/stored-reply';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { LoginHandler } from '../../application/commands/login.ts';
import type { RefreshHandler } from '../../application/commands/refresh.ts';
import type { ResendVerificationHandler } from '../../application/commands/resend-verification.ts';
import type { SignupHandler } from '../../application/commands/signup.ts';
import type { VerifyEmailHandler } from '../../application/commands/verify-email.ts';
import type { Sessions } from '../../application/ports.ts';
import { toRpcError } from './errors.ts';
import { toLoginResponse, toUsuarioProto } from './mappers.ts';

interface Deps {
  readonly signup: SignupHandler;
  readonly login: LoginHandler;
  readonly refresh: RefreshHandler;
  readonly verifyEmail: VerifyEmailHandler;
  readonly resendVerification: ResendVerificationHandler;
  readonly sessions: Sessions;
  readonly clients: ClientAddresses;
}

/** Sign-up, login, refresh, logout, proof of an address. On refresh the refresh token itself is the proof. */
export function authService(deps: Deps): RpcService {
  const { signup, login, refresh, verifyEmail, resendVerification, sessions, clients } = deps;
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
    impl: {
      async signup({ nome, email, password }, context) {
        const endereco = clients.of(context);
        const chave = context.requestHeader.get(IDEMPOTENCY_KEY_HEADER);
        const outcome = await signup.execute({
          ...{ nome, email, senha: password, papeis: ['CLIENTE'], endereco },
          ...(chave !== null && { chave }),
        });
        if (outcome.isFailure) throw toRpcError(outcome.error);
        const { usuario, repetido } = outcome.value;
        context.responseHeader.set('x-http-code', '201');
        if (repetido) context.responseHeader.set(REPLAYED_HEADER, 'true');
        return toUsuarioProto(usuario);
      },
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
      async verifyEmail({ codigo }) {
        const outcome = await verifyEmail.execute(codigo);
        if (outcome.isFailure) throw toRpcError(outcome.error);
        return create(VerifyEmailResponseSchema);
      },
      async resendVerification(_request, context) {
        const outcome = await resendVerification.execute(principalOf(context).id);
        if (outcome.isFailure) throw toRpcError(outcome.error);
        return create(ResendVerificationResponseSchema);
      },
      async logout({ refreshToken }, context) {
        const { sessaoId } = principalOf(context);
        if (refreshToken !== '') await sessions.close(refreshToken);
        else if (sessaoId !== undefined) await sessions.end(sessaoId);
        return create(LogoutResponseSchema);
      },
    },
  });
}

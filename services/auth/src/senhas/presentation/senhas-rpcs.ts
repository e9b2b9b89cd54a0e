import { create } from '@bufbuild/protobuf';
import {
  ChangePasswordResponseSchema,
  ForgotPasswordResponseSchema,
  ResetPasswordResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import type { AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { rememberDevice } from '../../credenciais/presentation/device-cookie.ts';
import type { ChangePasswordHandler } from '../application/change-password.ts';
import type { ForgotPasswordHandler } from '../application/forgot-password.ts';
import type { ResetPasswordHandler } from '../application/reset-password.ts';

interface Deps {
  readonly forgotPassword: ForgotPasswordHandler;
  readonly resetPassword: ResetPasswordHandler;
  readonly changePassword: ChangePasswordHandler;
  readonly origemDe: OrigemDe;
}

/** Another password, for those who have forgotten theirs and those who have not. */
export function senhasRpcs({ forgotPassword, resetPassword, changePassword, origemDe }: Deps): AuthRpcs {
  return {
    async forgotPassword({ email }, context) {
      const { endereco } = origemDe(context);
      valueOrThrow(await forgotPassword.execute({ email, endereco }));
      return create(ForgotPasswordResponseSchema);
    },
    async resetPassword({ codigo, newPassword: senhaNova }, context) {
      valueOrThrow(await resetPassword.execute({ codigo, senhaNova, origem: origemDe(context) }));
      return create(ResetPasswordResponseSchema);
    },
    async changePassword({ currentPassword: senhaAtual, newPassword: senhaNova, codigo }, context) {
      const { id: usuarioId, sessaoId, geracao } = principalOf(context);
      const origem = origemDe(context);
      const command = { usuarioId, sessaoId, geracao, senhaAtual, senhaNova, codigo, origem };
      const aparelho = valueOrThrow(await changePassword.execute(command));
      if (aparelho !== undefined) rememberDevice(context, aparelho);
      return create(ChangePasswordResponseSchema);
    },
  };
}

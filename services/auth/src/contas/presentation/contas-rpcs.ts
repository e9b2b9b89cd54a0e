import { create } from '@bufbuild/protobuf';
import {
  ResendVerificationResponseSchema,
  VerifyEmailResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { IDEMPOTENCY_KEY_HEADER, REPLAYED_HEADER } from '@plataforma/runtime/idempotency';
import { principalOf } from '@plataforma/runtime/principal';
import type { AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ResendVerificationHandler } from '../application/resend-verification.ts';
import type { SignupHandler } from '../application/signup.ts';
import type { VerifyEmailHandler } from '../application/verify-email.ts';
import { toUsuarioProto } from './contas-mappers.ts';

interface Deps {
  readonly signup: SignupHandler;
  readonly verifyEmail: VerifyEmailHandler;
  readonly resendVerification: ResendVerificationHandler;
  readonly origemDe: OrigemDe;
}

/** Opening an account and proving its address. */
export function contasRpcs({ signup, verifyEmail, resendVerification, origemDe }: Deps): AuthRpcs {
  return {
    async signup({ nome, email, password }, context) {
      const chave = context.requestHeader.get(IDEMPOTENCY_KEY_HEADER);
      const { usuario, repetido } = valueOrThrow(
        await signup.execute({
          ...{ nome, email, senha: password, origem: origemDe(context) },
          ...(chave !== null && { chave }),
        }),
      );
      context.responseHeader.set('x-http-code', '201');
      if (repetido) context.responseHeader.set(REPLAYED_HEADER, 'true');
      // Who signs up is not told what other accounts there are.
      return { ...toUsuarioProto(usuario), substituidoEm: undefined };
    },
    async verifyEmail({ codigo }) {
      valueOrThrow(await verifyEmail.execute({ codigo }));
      return create(VerifyEmailResponseSchema);
    },
    async resendVerification(_request, context) {
      valueOrThrow(await resendVerification.execute({ usuarioId: principalOf(context).id }));
      return create(ResendVerificationResponseSchema);
    },
  };
}

import { UpdateMeRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { changesOf } from '@plataforma/runtime/update-mask';
import { toUsuarioProto } from '../../contas/presentation/contas-mappers.ts';
import type { UsersRpcs } from '../../contas/presentation/users-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ConfirmEmailChangeHandler } from '../application/confirm-email-change.ts';
import type { UpdateMeHandler } from '../application/update-me.ts';

interface Deps {
  readonly updateMe: UpdateMeHandler;
  readonly confirmEmailChange: ConfirmEmailChangeHandler;
  readonly origemDe: OrigemDe;
}

/** One's own name and address. */
export function enderecosRpcs({ updateMe, confirmEmailChange, origemDe }: Deps): UsersRpcs {
  return {
    async updateMe(request, context) {
      const { nome, email } = changesOf(UpdateMeRequestSchema, request, []).given;
      const { password: senha, codigo } = request;
      const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
      const mudanca = { nome, email, senha, codigo, origem: origemDe(context) };
      return toUsuarioProto(
        valueOrThrow(await updateMe.execute({ usuarioId, geracao, autenticadoEm, ...mudanca })),
      );
    },
    async confirmEmailChange({ codigo }, context) {
      const { id: usuarioId, geracao, sessaoId } = principalOf(context);
      const command = { usuarioId, geracao, sessaoId, codigo, origem: origemDe(context) };
      return toUsuarioProto(valueOrThrow(await confirmEmailChange.execute(command)));
    },
  };
}

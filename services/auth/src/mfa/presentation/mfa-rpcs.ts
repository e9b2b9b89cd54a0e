import { create } from '@bufbuild/protobuf';
import {
  ActivateMfaResponseSchema,
  DisableMfaResponseSchema,
  SetupMfaResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { AuthRepeats, AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { toLoginResponse } from '../../sessoes/presentation/sessoes-mappers.ts';
import type { ActivateMfaHandler } from '../application/activate-mfa.ts';
import type { DisableMfaHandler } from '../application/disable-mfa.ts';
import type { SetupMfaHandler } from '../application/setup-mfa.ts';
import type { VerifyMfaHandler } from '../application/verify-mfa.ts';
import { qrCode } from './qr-code.ts';

interface Deps {
  readonly setup: SetupMfaHandler;
  readonly activate: ActivateMfaHandler;
  readonly disable: DisableMfaHandler;
  readonly verify: VerifyMfaHandler;
  readonly origemDe: OrigemDe;
}

/** How calls that are sent again are answered. */
export function mfaRepeats(activate: ActivateMfaHandler): AuthRepeats {
  return {
    async activateMfa(semente, _, chamada) {
      const { id: usuarioId } = principalOf(chamada);
      const codigosRecuperacao = valueOrThrow(await activate.repeat(semente, usuarioId));
      neverStored(chamada);
      return { codigosRecuperacao: [...codigosRecuperacao] };
    },
  };
}

/** The second factor: switching it on and off, and ending a login with it. */
export function mfaRpcs({ setup, activate, disable, verify, origemDe }: Deps): AuthRpcs {
  return {
    async setupMfa({ password }, context) {
      const { id: usuarioId } = principalOf(context);
      const command = { usuarioId, senha: password, origem: origemDe(context) };
      const { segredo, otpauthUrl } = valueOrThrow(await setup.execute(command));
      neverStored(context);
      return create(SetupMfaResponseSchema, { segredo, otpauthUrl, qrCode: qrCode(otpauthUrl) });
    },
    async activateMfa({ codigo }, context) {
      const { id: usuarioId, geracao, sessaoId } = principalOf(context);
      const command = { usuarioId, geracao, sessaoId, codigo, origem: origemDe(context) };
      const codigosRecuperacao = valueOrThrow(await activate.execute(command));
      neverStored(context);
      return create(ActivateMfaResponseSchema, { codigosRecuperacao: [...codigosRecuperacao] });
    },
    async disableMfa({ password, codigo }, context) {
      const { id: usuarioId, geracao, sessaoId } = principalOf(context);
      const command = { usuarioId, geracao, sessaoId, senha: password, codigo, origem: origemDe(context) };
      valueOrThrow(await disable.execute(command));
      return create(DisableMfaResponseSchema);
    },
    async verifyMfa({ mfaToken, codigo }, context) {
      const command = { mfaToken, codigo, origem: origemDe(context) };
      return toLoginResponse(valueOrThrow(await verify.execute(command)), context);
    },
  };
}

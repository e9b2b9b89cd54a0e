import { create } from '@bufbuild/protobuf';
import {
  ActivateMfaResponseSchema,
  DisableMfaResponseSchema,
  RenewRecoveryCodesResponseSchema,
  SetupMfaResponseSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ResetUserMfaResponseSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import type { ChamadaRepetida } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { UsersRpcs } from '../../contas/presentation/users-service.ts';
import type { AuthRepeats, AuthRpcs } from '../../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import { toLoginResponse } from '../../sessoes/presentation/sessoes-mappers.ts';
import type { ActivateMfaHandler } from '../application/activate-mfa.ts';
import type { CodigosDeNovoHandler } from '../application/codigos-de-novo.ts';
import type { DisableMfaHandler } from '../application/disable-mfa.ts';
import type { RenewRecoveryCodesHandler } from '../application/renew-recovery-codes.ts';
import type { ResetUserMfaHandler } from '../application/reset-user-mfa.ts';
import type { SetupMfaHandler } from '../application/setup-mfa.ts';
import type { VerifyMfaHandler } from '../application/verify-mfa.ts';
import { qrCode } from './qr-code.ts';

interface Deps {
  readonly setup: SetupMfaHandler;
  readonly activate: ActivateMfaHandler;
  readonly disable: DisableMfaHandler;
  readonly verify: VerifyMfaHandler;
  readonly renew: RenewRecoveryCodesHandler;
  readonly origemDe: OrigemDe;
}

/** How calls that are sent again are answered. */
export function mfaRepeats(deNovo: CodigosDeNovoHandler): AuthRepeats {
  async function codigos(semente: string, _: unknown, chamada: ChamadaRepetida) {
    const { id: usuarioId } = principalOf(chamada);
    const codigosRecuperacao = valueOrThrow(await deNovo.execute(semente, usuarioId));
    neverStored(chamada);
    return { codigosRecuperacao: [...codigosRecuperacao] };
  }
  return { activateMfa: codigos, renewRecoveryCodes: codigos };
}

/** What administrators do for people who have lost their factor. */
export function resetMfaRpc(reset: ResetUserMfaHandler, origemDe: OrigemDe): UsersRpcs {
  return {
    async resetUserMfa({ usuarioId, password: senha, codigo }, context) {
      const { id: autorId, geracao, autenticadoEm } = principalOf(context);
      const author = { autorId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
      valueOrThrow(await reset.execute({ ...author, usuarioId }));
      return create(ResetUserMfaResponseSchema);
    },
  };
}

/** The second factor: switching it on and off, and ending a login with it. */
export function mfaRpcs({ setup, activate, disable, verify, renew, origemDe }: Deps): AuthRpcs {
  return {
    async setupMfa({ password: senha, codigo }, context) {
      const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
      const command = { usuarioId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
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
    async disableMfa({ password: senha, codigo }, context) {
      const { id: usuarioId, geracao, sessaoId, autenticadoEm } = principalOf(context);
      const caller = { usuarioId, geracao, sessaoId, autenticadoEm, origem: origemDe(context) };
      valueOrThrow(await disable.execute({ ...caller, senha, codigo }));
      return create(DisableMfaResponseSchema);
    },
    async renewRecoveryCodes({ password: senha, codigo }, context) {
      const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
      const command = { usuarioId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
      const codigosRecuperacao = valueOrThrow(await renew.execute(command));
      neverStored(context);
      return create(RenewRecoveryCodesResponseSchema, { codigosRecuperacao: [...codigosRecuperacao] });
    },
    async verifyMfa({ mfaToken, codigo }, context) {
      const command = { mfaToken, codigo, origem: origemDe(context) };
      return toLoginResponse(valueOrThrow(await verify.execute(command)), context);
    },
  };
}

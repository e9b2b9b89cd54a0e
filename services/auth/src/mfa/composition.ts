import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConfirmAdministrator } from '../contas/application/confirm-administrator.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { CodigosDeRecuperacao, Segredos } from '../fatores/application/ports.ts';
import type { Totp } from '../fatores/domain/fator.ts';
import type { OpenSession } from '../sessoes/application/open-session.ts';
import type { Sessions } from '../sessoes/application/ports.ts';
import { ActivateMfaHandler } from './application/activate-mfa.ts';
import { CodigosDeNovoHandler } from './application/codigos-de-novo.ts';
import { DisableMfaHandler } from './application/disable-mfa.ts';
import type { Transacao, WaitingLogins } from './application/ports.ts';
import { RenewRecoveryCodesHandler } from './application/renew-recovery-codes.ts';
import { ResetUserMfaHandler } from './application/reset-user-mfa.ts';
import { SetupMfaHandler } from './application/setup-mfa.ts';
import { VerifyMfaHandler } from './application/verify-mfa.ts';
import { mfaRepeats, mfaRpcs, resetMfaRpc } from './presentation/mfa-rpcs.ts';

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly confirmAdministrator: ConfirmAdministrator;
  readonly segredos: Segredos;
  readonly codigos: CodigosDeRecuperacao;
  readonly totp: Totp;
  readonly logins: WaitingLogins;
  readonly openSession: OpenSession;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
}

/** What the second factor brings to the contract. */
export function composeMfa({ logins, openSession, codigos, totp, origemDe, ...deps }: Deps) {
  return {
    rpcs: mfaRpcs({
      setup: new SetupMfaHandler(deps),
      activate: new ActivateMfaHandler({ ...deps, codigos, totp }),
      disable: new DisableMfaHandler(deps),
      verify: new VerifyMfaHandler({ ...deps, logins, openSession }),
      renew: new RenewRecoveryCodesHandler({ ...deps, codigos }),
      origemDe,
    }),
    usersRpcs: resetMfaRpc(new ResetUserMfaHandler(deps), origemDe),
    repeats: mfaRepeats(new CodigosDeNovoHandler({ ...deps, codigos })),
  };
}

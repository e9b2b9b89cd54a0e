import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Logger } from '@plataforma/runtime/logger';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Auditoria, Transacao as DaAuditoria } from '../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../avisos/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { Attempts, PasswordHasher, PasswordPolicy } from '../credenciais/application/ports.ts';
import type { Transacao as DosFatores } from '../fatores/application/ports.ts';
import { PostgresConsultaDeCodigos } from '../fatores/infrastructure/consulta-de-codigos.ts';
import type { ConfirmAdministrator } from './application/confirm-administrator.ts';
import { EnsureAdminHandler } from './application/ensure-admin.ts';
import { GetUserHandler } from './application/get-user.ts';
import { ListUsersHandler } from './application/list-users.ts';
import type { ConsultaDeUsuarios, Transacao } from './application/ports.ts';
import { ResendVerificationHandler } from './application/resend-verification.ts';
import { SignupHandler } from './application/signup.ts';
import { UpdateUserHandler } from './application/update-user.ts';
import { VerifyEmailHandler } from './application/verify-email.ts';
import { PostgresListaDeUsuarios } from './infrastructure/consulta-de-lista.ts';
import { SignedEmailCodes } from './infrastructure/email-codes.ts';
import { contasRpcs } from './presentation/contas-rpcs.ts';

interface Deps {
  readonly dataSource: DataSource;
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao & DosFatores & DosAvisos & DaAuditoria>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly confirmAdministrator: ConfirmAdministrator;
  readonly auditoria: Auditoria;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
  readonly logger: Logger;
  /** Signs the codes that prove an address. */
  readonly key: Buffer;
}

/** Accounts: opening them, proving their address, and what administrators do with them. */
export function composeContas({ dataSource, key, logger, ...deps }: Deps) {
  const withCodes = { ...deps, codigos: new SignedEmailCodes(key) };
  const lista = new PostgresListaDeUsuarios(autocommit(dataSource));
  const ensureAdmin = new EnsureAdminHandler(deps);
  return {
    rpcs: contasRpcs({
      signup: new SignupHandler(withCodes),
      verifyEmail: new VerifyEmailHandler(withCodes),
      resendVerification: new ResendVerificationHandler(withCodes),
      origemDe: deps.origemDe,
    }),
    users: {
      consulta: deps.consulta,
      codigos: new PostgresConsultaDeCodigos(autocommit(dataSource)),
      getUser: new GetUserHandler(deps),
      listUsers: new ListUsersHandler({ ...deps, lista }),
      updateUser: new UpdateUserHandler(deps),
      origemDe: deps.origemDe,
    },
    /** Makes the first administrator of an installation that names one. */
    async createFirstAdmin(email: string | undefined, senha: string | undefined): Promise<void> {
      if (email === undefined || senha === undefined) return;
      const outcome = await ensureAdmin.execute({ email, senha });
      if (outcome === 'created') logger.info('the first administrator was created');
    },
  };
}

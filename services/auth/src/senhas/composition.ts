import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Logger } from '@plataforma/runtime/logger';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { Auditoria } from '../auditoria/application/ports.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { Attempts, Devices, PasswordHasher, PasswordPolicy } from '../credenciais/application/ports.ts';
import type { Sessions } from '../sessoes/application/ports.ts';
import { ChangePasswordHandler } from './application/change-password.ts';
import { ForgotPasswordHandler } from './application/forgot-password.ts';
import { MandarRedefinicaoHandler } from './application/mandar-redefinicao.ts';
import type { Transacao } from './application/ports.ts';
import { ResetPasswordHandler } from './application/reset-password.ts';
import { codigosDeRedefinicao } from './infrastructure/codigos.ts';
import { PostgresRedefinicoesRepository } from './infrastructure/redefinicoes-repository.ts';
import { situacaoDosPedidos } from './infrastructure/situacao-dos-pedidos.ts';
import { senhasRpcs } from './presentation/senhas-rpcs.ts';

/** Requests for a new password that one look of their worker answers. */
const PEDIDOS_DE_UMA_VEZ = 20;

interface Deps {
  readonly dataSource: DataSource;
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly devices: Devices;
  readonly confirmOwner: ConfirmOwner;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

/** New passwords for those that are known and for those that are forgotten, and the worker that mails codes for the latter. */
export function composeSenhas({ dataSource, origemDe, logger, workerMetrics, ...deps }: Deps) {
  const redefinicoes = new MandarRedefinicaoHandler({ ...deps, codigos: codigosDeRedefinicao });
  const worker = new Worker({
    ...{ name: 'redefinicoes', batch: PEDIDOS_DE_UMA_VEZ, logger, metrics: workerMetrics },
    work: (limit) => redefinicoes.execute(limit),
    state: () => situacaoDosPedidos(dataSource),
  });
  return {
    worker,
    rpcs: senhasRpcs({
      forgotPassword: new ForgotPasswordHandler({ ...deps, wake: () => worker.wake() }),
      resetPassword: new ResetPasswordHandler({
        ...deps,
        redefinicoes: new PostgresRedefinicoesRepository(autocommit(dataSource)),
      }),
      changePassword: new ChangePasswordHandler(deps),
      origemDe,
    }),
  };
}

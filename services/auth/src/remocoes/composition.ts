import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { Auditoria } from '../auditoria/application/ports.ts';
import type { ConfirmAdministrator } from '../contas/application/confirm-administrator.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { Sessions } from '../sessoes/application/ports.ts';
import { ConcluirParteHandler } from './application/concluir-parte.ts';
import { DeleteMeHandler } from './application/delete-me.ts';
import { DeleteUserHandler } from './application/delete-user.ts';
import type { Transacao } from './application/ports.ts';
import { RelatoriosQueries } from './application/relatorios-queries.ts';
import { RemoverAnterioresHandler } from './application/remover-anteriores.ts';
import { PostgresConsultaDeRemocoes } from './infrastructure/consulta-de-remocoes.ts';
import { observarRemocoes } from './infrastructure/observador.ts';
import { randomProtocolos as protocolos } from './infrastructure/protocolos.ts';
import { remocoesConsumers } from './infrastructure/remocoes-consumers.ts';
import { erasuresService } from './presentation/erasures-service.ts';
import { remocoesRepeats, remocoesRpcs } from './presentation/remocoes-rpcs.ts';

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  readonly confirmAdministrator: ConfirmAdministrator;
  readonly sessions: Pick<Sessions, 'forget'>;
  readonly auditoria: Auditoria;
  readonly dataSource: DataSource;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

/** Earlier sign-ups that are removed at once, and how often it is looked for such. */
const ANTERIORES_DE_UMA_VEZ = 50;
const ANTERIORES_A_CADA_MS = 60_000;

/** What removing accounts brings to the contract, and who hears what the services have erased. */
export function composeRemocoes({ dataSource, metrics, origemDe, logger, workerMetrics, ...deps }: Deps) {
  const consulta = new PostgresConsultaDeRemocoes(autocommit(dataSource));
  const deleteMe = new DeleteMeHandler({ ...deps, protocolos });
  const deleteUser = new DeleteUserHandler({ ...deps, protocolos });
  const anteriores = new RemoverAnterioresHandler({ ...deps, protocolos });
  observarRemocoes(metrics.registry, () => consulta.pendencias());
  return {
    worker: new Worker({
      ...{ name: 'remocoes', batch: ANTERIORES_DE_UMA_VEZ, intervalMs: ANTERIORES_A_CADA_MS, logger },
      metrics: workerMetrics,
      work: (limit) => anteriores.execute(limit),
    }),
    users: {
      rpcs: remocoesRpcs({ deleteMe, deleteUser, origemDe }),
      repeats: remocoesRepeats({ consulta }),
    },
    service: erasuresService({
      relatorios: new RelatoriosQueries({ ...deps, consulta }),
      origemDe,
    }),
    consumers: remocoesConsumers(new ConcluirParteHandler(deps)),
  };
}

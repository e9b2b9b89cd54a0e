import type { Logger } from '@plataforma/runtime/logger';
import { inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { SegredosSelados } from './application/ports.ts';
import { Selador } from './infrastructure/selador.ts';
import type { Selos } from './infrastructure/selos.ts';

const LOTE = 100;
const OLHAR_A_CADA_MS = 60_000;

interface Deps {
  /** Of the worker. */
  readonly name: string;
  readonly selos: Selos;
  readonly segredos: (sql: Sql) => SegredosSelados;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly workerMetrics: WorkerMetrics;
}

/** The worker that seals secrets of one kind anew after the master key was replaced. */
export function createSelador({ name, selos, segredos, dataSource, logger, workerMetrics }: Deps): Worker {
  const { work, state } = new Selador({
    selos,
    transacao: (run) => inRepeatableTransaction(dataSource, (sql) => run(segredos(sql))),
    logger: logger.child({ worker: name }),
  });
  return new Worker({
    ...{ name, work, state, logger, metrics: workerMetrics, batch: LOTE, intervalMs: OLHAR_A_CADA_MS },
  });
}

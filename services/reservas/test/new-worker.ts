import type { Work } from '@plataforma/domain/work-queue';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import { Worker } from '@plataforma/runtime/worker';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';

/** A worker like those of the composition root, which looks every few milliseconds. */
export function newWorker(work: Work, batch = 50): Worker {
  const logger = createLogger({ service: 'reservas', level: 'silent' });
  const metrics = createWorkerMetrics(createMetrics('reservas').registry);
  return new Worker({ name: 'spec', work, batch, intervalMs: 5, logger, metrics });
}

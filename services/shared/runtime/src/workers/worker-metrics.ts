import type { QueueState } from '@plataforma/domain/work-queue';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What all workers of a service measure, each under its own name. */
export interface WorkerMetrics {
  /** @param state asked when the metrics are read */
  watch(worker: string, state: (() => Promise<QueueState>) | undefined): void;
  failed(worker: string): void;
  succeeded(worker: string): void;
}

const labelNames = ['worker'] as const;

/** The series are listed in docs/runbooks/workers.md, with what to do about each. */
export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  const queues = new Map<string, () => Promise<QueueState>>();
  const failures = new Counter({
    name: 'worker_falhas_total',
    help: 'Failures of a worker: over one item, or of a whole look because its database or its provider is away.',
    labelNames,
    registers,
  });
  const success = new Gauge({
    name: 'worker_ultimo_sucesso_segundos',
    help: 'Unix time of the last look for work that did not fail as a whole; of the start, before there was one.',
    labelNames,
    registers,
  });
  // The gauges of one scrape are collected side by side: they share one look.
  let looking: Promise<Array<readonly [string, QueueState]>> | undefined;
  const look = () => {
    looking ??= statesOf(queues).finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const gauge = (name: string, help: string, value: (state: QueueState) => number) =>
    new Gauge({
      ...{ name, help, labelNames, registers },
      async collect() {
        for (const [worker, state] of await look()) this.set({ worker }, value(state));
      },
    });
  gauge('worker_idade_segundos', 'For how long the oldest item of a queue has been due.', ageOf);
  gauge('worker_adiados', 'Items that have failed and are tried again later.', ({ putOff }) => putOff);
  gauge('worker_mortos', 'Items that fail again and again: somebody has to look why.', ({ dead }) => dead);
  const succeeded = (worker: string) => success.set({ worker }, Date.now() / 1_000);
  return {
    watch: (worker, state) => {
      if (state) queues.set(worker, state);
      failures.inc({ worker }, 0);
      // A series that is not there would never be too old.
      succeeded(worker);
    },
    failed: (worker) => failures.inc({ worker }),
    succeeded,
  };
}

function ageOf({ dueSince }: QueueState): number {
  return dueSince === undefined ? 0 : Math.max(0, Date.now() - dueSince.getTime()) / 1_000;
}

/** One after the other: to be measured must not take the connections from the work. */
async function statesOf(
  queues: ReadonlyMap<string, () => Promise<QueueState>>,
): Promise<Array<readonly [string, QueueState]>> {
  const states: Array<readonly [string, QueueState]> = [];
  for (const [worker, state] of queues) states.push([worker, await state()]);
  return states;
}

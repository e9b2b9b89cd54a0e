import { Counter, Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

export interface RelayMetrics {
  published(sent: number, failed: number): void;
}

/** For callers that do not measure. */
export const noRelayMetrics: RelayMetrics = { published: () => undefined };

/** Events not yet published and the age of the oldest, in seconds. */
export interface OutboxLag {
  readonly pendentes: number;
  readonly idadeSegundos: number;
}

const LAG = `
  select count(*)::int as pendentes, coalesce(extract(epoch from now() - min(criado_em)), 0)::float8 as "idadeSegundos"
  from outbox where enviado_em is null`;

/** Reads the lag now; rejects when the database cannot be reached. */
async function outboxLag(dataSource: DataSource): Promise<OutboxLag> {
  const [lag]: OutboxLag[] = await dataSource.query(LAG);
  return lag ?? { pendentes: 0, idadeSegundos: 0 };
}

/** `outbox_publicados_total{resultado}`, `outbox_pendentes` and `outbox_idade_segundos` (read at each scrape). */
export function createRelayMetrics(registry: Registry, dataSource: DataSource): RelayMetrics {
  const registers = [registry];
  const total = new Counter({
    name: 'outbox_publicados_total',
    help: 'Attempts to publish an event of the outbox by result.',
    labelNames: ['resultado'] as const,
    registers,
  });
  new Gauge({
    name: 'outbox_pendentes',
    help: 'Events not yet published.',
    registers,
    async collect() {
      this.set((await outboxLag(dataSource)).pendentes);
    },
  });
  new Gauge({
    name: 'outbox_idade_segundos',
    help: 'Age of the oldest event not yet published.',
    registers,
    async collect() {
      this.set((await outboxLag(dataSource)).idadeSegundos);
    },
  });
  return {
    published(sent, failed) {
      total.inc({ resultado: 'ok' }, sent);
      total.inc({ resultado: 'falha' }, failed);
    },
  };
}

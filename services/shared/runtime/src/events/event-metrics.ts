import { Counter, Histogram, type Registry } from 'prom-client';

/** How a delivery ended. `ignored`: no handler for this event type; `away`: given back, a dependency is away. */
export type ConsumeResult = 'ok' | 'retry' | 'dead_letter' | 'ignored' | 'away';

export interface EventMetrics {
  consumed(durable: string, subject: string, result: ConsumeResult, seconds: number): void;
}

/** For callers that do not measure. */
export const noEventMetrics: EventMetrics = { consumed: () => undefined };

/** `eventos_consumidos_total` and `eventos_consumo_segundos`, by consumer, subject and result. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const total = new Counter({
    name: 'eventos_consumidos_total',
    help: 'Deliveries of events by result.',
    labelNames: ['consumidor', 'assunto', 'resultado'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'eventos_consumo_segundos',
    help: 'Time a handler took for one delivery.',
    labelNames: ['consumidor', 'assunto'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers: [registry],
  });
  return {
    consumed(consumidor, assunto, resultado, seconds) {
      total.inc({ consumidor, assunto, resultado });
      if (resultado !== 'ignored') duration.observe({ consumidor, assunto }, seconds);
    },
  };
}

import type { BreakerState } from '@plataforma/runtime/breaker';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Gauge } from 'prom-client';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Tells operators of each change of the circuit breaker around Stripe. */
export function breakerObserver({ logger, metrics }: Deps): (estado: BreakerState) => void {
  const disjuntor = new Gauge({
    name: 'disjuntor_estado',
    help: 'State of the circuit breaker around Stripe: 1 for the state it is in.',
    labelNames: ['disjuntor', 'estado'],
    registers: [metrics.registry],
  });
  const emEstado = (atual: BreakerState) => {
    for (const estado of ['closed', 'half-open', 'open'])
      disjuntor.set({ disjuntor: 'stripe', estado }, estado === atual ? 1 : 0);
  };
  emEstado('closed');
  return (estado) => {
    emEstado(estado);
    logger.warn({ disjuntor: 'stripe', estado }, 'circuit breaker changed');
  };
}

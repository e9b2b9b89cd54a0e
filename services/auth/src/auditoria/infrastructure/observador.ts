import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter } from 'prom-client';
import type { ObservadorDaAuditoria } from '../application/ports.ts';

/** Counts security events, also those that are recorded once a minute only. Labels are fixed words. */
export function createObservadorDaAuditoria({ registry }: Pick<Metrics, 'registry'>): ObservadorDaAuditoria {
  const eventos = new Counter({
    name: 'auth_security_events_total',
    help: 'Security events by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  });
  return { aconteceu: ({ tipo, resultado }) => eventos.inc({ kind: tipo, outcome: resultado }) };
}

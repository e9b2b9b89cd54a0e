import { Gauge } from 'prom-client';
import type { Vigias } from '../canal.ts';
import { Disjuntores } from './disjuntores.ts';

/** Breakers of the providers of push messages, which operators see. */
export function createDisjuntores(provedores: readonly string[], { logger, metrics }: Vigias): Disjuntores {
  const afastado = new Gauge({
    name: 'notificacoes_provedor_afastado',
    help: '1 while a provider that was away several times in a row is left alone: whom it reaches waits, and nobody else.',
    labelNames: ['canal', 'provedor'] as const,
    registers: [metrics.registry],
  });
  for (const provedor of provedores) afastado.set({ canal: 'PUSH', provedor }, 0);
  return new Disjuntores({
    provedores,
    aoMudar(provedor, estado) {
      afastado.set({ canal: 'PUSH', provedor }, estado === 'closed' ? 0 : 1);
      logger.warn({ canal: 'PUSH', provedor, estado }, 'breaker of a provider changed');
    },
  });
}

import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge } from 'prom-client';
import type { ObservadorDaFila } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly contarVagas: () => Promise<number>;
}

/** The one place that tells operators what happens to the waitlist. */
export function createObservadorDaFila({ logger, metrics, contarVagas }: Deps): ObservadorDaFila {
  const registers = [metrics.registry];
  const ofertas = new Counter({
    name: 'reservas_fila_ofertas_total',
    help: 'Slots offered to the first in line.',
    registers,
  });
  new Gauge({
    name: 'reservas_fila_vagas_pendentes',
    help: 'Slots that became free and were not yet looked at for the waitlist.',
    registers,
    async collect() {
      this.set(await contarVagas());
    },
  });
  return {
    vagaOferecida({ id, espacoId, oferta }) {
      ofertas.inc();
      logger.info({ entrada: id, espaco: espacoId, reserva: oferta?.reservaId }, 'slot offered to the line');
    },
  };
}

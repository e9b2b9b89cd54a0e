import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge } from 'prom-client';
import type { ObservadorDeReservas } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly contarVencidas: () => Promise<number>;
  readonly contarParadas: () => Promise<number>;
}

/** The one place that tells operators what happens to reservations. */
export function createObservadorDeReservas(deps: Deps): ObservadorDeReservas {
  const { logger, metrics, contarVencidas, contarParadas } = deps;
  const registers = [metrics.registry];
  const criadas = new Counter({ name: 'reservas_criadas_total', help: 'Reservations made.', registers });
  new Gauge({
    name: 'reservas_espera_vencida',
    help: 'Unpaid reservations that still block their slot after the deadline of their hold.',
    registers,
    async collect() {
      this.set(await contarVencidas());
    },
  });
  new Gauge({
    name: 'reservas_expirando_paradas',
    help: 'Reservations for whose expiry pagamentos has not answered within 5 minutes; they block their slot.',
    registers,
    async collect() {
      this.set(await contarParadas());
    },
  });
  return {
    reservaCriada({ id, espacoId }) {
      criadas.inc();
      logger.info({ reserva: id, espaco: espacoId }, 'reservation made');
    },
  };
}

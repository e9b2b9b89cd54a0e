import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { createPacedLog } from '@plataforma/runtime/paced-log';
import { Counter, Gauge } from 'prom-client';
import type { ObservadorDeWebhooks } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly contar: () => Promise<{ pendentes: number; estacionados: number }>;
}

/** Labels are few: event types of Stripe and fixed words. */
export function createObservadorDeWebhooks({ logger, metrics, contar }: Deps): ObservadorDeWebhooks {
  const registers = [metrics.registry];
  const webhooks = new Counter({
    name: 'pagamentos_webhooks_total',
    help: 'Attempts to deal with a webhook, by event type and result.',
    labelNames: ['tipo', 'resultado'],
    registers,
  });
  const recusados = new Counter({
    name: 'pagamentos_webhooks_recusados_total',
    help: 'Webhooks whose signature or time stamp did not hold. All of them: the secret here is not that of Stripe.',
    labelNames: ['motivo'],
    registers,
  });
  new Gauge({
    name: 'pagamentos_webhooks',
    help: 'Stored webhooks that wait (PENDENTE) or need somebody to look (ESTACIONADO).',
    labelNames: ['estado'],
    registers,
    async collect() {
      const { pendentes, estacionados } = await contar();
      this.set({ estado: 'PENDENTE' }, pendentes);
      this.set({ estado: 'ESTACIONADO' }, estacionados);
    },
  });
  const avisar = createPacedLog(logger, 'webhook refused');
  return {
    webhookRecusado(motivo) {
      recusados.inc({ motivo });
      avisar({ motivo });
    },
    webhookTratado({ id, tipo }, resultado, err) {
      webhooks.inc({ tipo, resultado });
      if (resultado === 'estacionado') logger.error({ eventoId: id, tipo, err }, 'webhook needs attention');
      else if (resultado === 'adiado')
        logger.warn({ eventoId: id, tipo, err }, 'webhook will be tried again');
      else logger.info({ eventoId: id, tipo, resultado }, 'webhook dealt with');
    },
  };
}

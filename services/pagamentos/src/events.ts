import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge } from 'prom-client';
import type { Observacao } from './application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly contarWebhooks: () => Promise<{ pendentes: number; estacionados: number }>;
}

/** The only place with business metrics and logs. Labels are few: event types of Stripe and fixed words. */
export function createObservacao({ logger, metrics, contarWebhooks }: Deps): Observacao {
  const registers = [metrics.registry];
  const webhooks = new Counter({
    name: 'pagamentos_webhooks_total',
    help: 'Attempts to deal with a webhook, by event type and result.',
    labelNames: ['tipo', 'resultado'],
    registers,
  });
  const falhas = new Counter({
    name: 'pagamentos_checkout_falhas_total',
    help: 'Checkouts that the provider did not open, by kind of failure.',
    labelNames: ['falha'],
    registers,
  });
  new Gauge({
    name: 'pagamentos_webhooks',
    help: 'Stored webhooks that wait (PENDENTE) or need somebody to look (ESTACIONADO).',
    labelNames: ['estado'],
    registers,
    async collect() {
      const { pendentes, estacionados } = await contarWebhooks();
      this.set({ estado: 'PENDENTE' }, pendentes);
      this.set({ estado: 'ESTACIONADO' }, estacionados);
    },
  });
  return {
    webhookTratado({ id, tipo }, resultado, err) {
      webhooks.inc({ tipo, resultado });
      if (resultado === 'estacionado') logger.error({ eventoId: id, tipo, err }, 'webhook needs attention');
      else if (resultado === 'adiado')
        logger.warn({ eventoId: id, tipo, err }, 'webhook will be tried again');
      else logger.info({ eventoId: id, tipo, resultado }, 'webhook dealt with');
    },
    checkoutFalhou(pagamentoId, err) {
      falhas.inc({ falha: err.falha });
      const level = err.falha === 'RECUSADO' ? 'error' : 'warn';
      logger[level]({ pagamentoId, falha: err.falha, err }, 'checkout could not be opened');
    },
  };
}

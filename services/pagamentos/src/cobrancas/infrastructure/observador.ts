import { ProviderAwayError } from '@plataforma/domain/work-queue';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter } from 'prom-client';
import type { ObservadorDeCobrancas } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function createObservadorDeCobrancas({ logger, metrics }: Deps): ObservadorDeCobrancas {
  const falhas = new Counter({
    name: 'pagamentos_checkout_falhas_total',
    help: 'Checkouts that the provider did not open, by kind of failure.',
    labelNames: ['falha'],
    registers: [metrics.registry],
  });
  return {
    checkoutFalhou(pagamentoId, err) {
      const falha = err instanceof ProviderAwayError ? 'INDISPONIVEL' : err.falha;
      falhas.inc({ falha });
      const level = falha === 'RECUSADO' ? 'error' : 'warn';
      logger[level]({ pagamentoId, falha, err }, 'checkout could not be opened');
    },
    encerramentoFalhou(pagamentoId, err) {
      logger.warn({ pagamentoId, err }, 'charge could not be closed yet');
    },
  };
}

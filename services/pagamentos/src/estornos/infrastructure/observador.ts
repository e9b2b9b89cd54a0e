import type { Logger } from '@plataforma/runtime/logger';
import type { Observador } from '../application/ports.ts';

export function observadorDeEstornos(logger: Logger): Observador {
  return {
    estornoAdiado(pagamentoId, numero, err) {
      logger.warn({ pagamentoId, numero, err }, 'refund could not be made yet');
    },
  };
}

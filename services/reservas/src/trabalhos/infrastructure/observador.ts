import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge } from 'prom-client';
import type { ObservadorDeTrabalhos } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly contarAdiados: () => Promise<ReadonlyArray<{ readonly trabalho: string; readonly total: number }>>;
}

/** The one place that tells operators for what the workers fail. */
export function createObservadorDeTrabalhos({ logger, metrics, contarAdiados }: Deps): ObservadorDeTrabalhos {
  const registers = [metrics.registry];
  const falhas = new Counter({
    name: 'reservas_trabalhos_falhas_total',
    help: 'Failures of a worker over one reservation or entry, which is put off while the others go on.',
    labelNames: ['trabalho'],
    registers,
  });
  new Gauge({
    name: 'reservas_trabalhos_adiados',
    help: 'Reservations and entries that a worker has failed over and tries again later: somebody has to look why.',
    labelNames: ['trabalho'],
    registers,
    async collect() {
      const contas = await contarAdiados();
      this.reset();
      for (const { trabalho, total } of contas) this.set({ trabalho }, total);
    },
  });
  return {
    trabalhoAdiado(trabalho, item, vezes, causa) {
      falhas.inc({ trabalho });
      logger.error({ err: causa, trabalho, item, vezes }, 'work failed for one, the others go on');
    },
  };
}

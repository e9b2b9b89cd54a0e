import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { ObservadorDeWebhooks } from '../application/ports.ts';

const BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of addresses that are sent to: what waits for a disabled one is not late, nor is what was asked for again a moment ago. */
const DEVIDA_DESDE = `
  select coalesce(extract(epoch from now() - min(d.desde)), 0)::float as segundos
  from webhooks w cross join lateral (
    select desde from webhook_entregas d
    where d.webhook_id = w.id and d.situacao = 'PENDENTE' order by d.tentar_em limit 1) d
  where w.desativado_por is null`;

const QUANTOS = `
  select coalesce(desativado_por, case when falhas > 0 then 'FALHANDO' else 'ATIVO' end) as situacao,
    count(*)::int as quantos
  from webhooks where apagado_em is null group by 1`;

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly dataSource: DataSource;
}

/** What operators are told about outgoing webhooks. */
export function createObservadorDeWebhooks({ logger, metrics, dataSource }: Deps): ObservadorDeWebhooks {
  const registers = [metrics.registry];
  const tentativas = new Counter({
    name: 'webhooks_tentativas_total',
    help: 'Requests to receivers, by what became of the delivery.',
    labelNames: ['desfecho'] as const,
    registers,
  });
  const duracao = new Histogram({
    name: 'webhooks_tentativa_segundos',
    help: 'How long requests to receivers took.',
    labelNames: ['desfecho'] as const,
    buckets: BUCKETS_S,
    registers,
  });
  const desativados = new Counter({
    name: 'webhooks_desativados_total',
    help: 'Addresses that are sent no more because they fail.',
    labelNames: ['motivo'] as const,
    registers,
  });
  observarFila({ logger, metrics, dataSource });
  return {
    tentativa(desfecho, duracaoMs) {
      tentativas.inc({ desfecho });
      duracao.observe({ desfecho }, duracaoMs / 1_000);
    },
    desativado(webhook, motivo) {
      desativados.inc({ motivo });
      logger.error({ webhook, motivo }, 'webhook disabled: its receiver takes nothing');
    },
    quebrou(webhook, causa) {
      logger.error({ err: causa, webhook }, 'webhook could not be worked on, trying again later');
    },
  };
}

/** Counted when they are read. */
function observarFila({ logger, metrics, dataSource }: Deps): void {
  const registers = [metrics.registry];
  const lida = async (read: () => Promise<void>) => {
    try {
      await read();
    } catch (err) {
      logger.warn({ err }, 'webhooks could not be counted');
    }
  };
  new Gauge({
    name: 'webhooks_mais_antiga_segundos',
    help: 'Age of the oldest delivery that waits for an address that is not disabled; 0 without any.',
    registers,
    collect() {
      return lida(async () => {
        const [linha]: { segundos: number }[] = await dataSource.query(DEVIDA_DESDE);
        this.set(linha?.segundos ?? 0);
      });
    },
  });
  new Gauge({
    name: 'webhooks_enderecos',
    help: 'Addresses, by whether they are sent to.',
    labelNames: ['situacao'] as const,
    registers,
    collect() {
      return lida(async () => {
        const linhas: { situacao: string; quantos: number }[] = await dataSource.query(QUANTOS);
        this.reset();
        for (const { situacao, quantos } of linhas) this.set({ situacao }, quantos);
      });
    },
  });
}

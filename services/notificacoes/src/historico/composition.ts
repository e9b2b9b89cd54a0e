import type { Clock } from '@plataforma/domain/clock';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { Background } from '@plataforma/runtime/service';
import { autocommit, type Sql } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { Gauge } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { NotificacoesRpcs } from '../contrato/presentation/notificacoes-service.ts';
import type { ConsultaDeNotificacoes } from '../mensagens/application/ports.ts';
import { copiarHistorico } from './application/copiar-historico.ts';
import { ObterHistoricoHandler } from './application/obter-historico.ts';
import type { ConsultaDeHistorico } from './application/ports.ts';
import { PostgresConsultaDeHistorico } from './infrastructure/consulta-de-historico.ts';
import { PostgresFilaDeCopia } from './infrastructure/fila-de-copia.ts';
import { terminarHistorico } from './infrastructure/fim-do-historico.ts';
import { MongoArquivo } from './infrastructure/mongodb/arquivo-mongodb.ts';
import { colecaoDe, createMongoClient } from './infrastructure/mongodb/cliente.ts';
import { ConsultaComRetaguarda } from './infrastructure/mongodb/consulta-com-retaguarda.ts';
import { historicoRpcs } from './presentation/historico-rpcs.ts';

interface Deps {
  readonly config: { readonly mongodbUrl: string | undefined; readonly historyRetentionDays: number };
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly workers: WorkerMetrics;
  readonly mensagens: Pick<ConsultaDeNotificacoes, 'provada'>;
}

/** Records that one look takes. */
const LOTE = 200;
const HORA_MS = 3_600_000;

/** The history of messages: told, copied to MongoDB where there is one, and ended. */
export function createHistorico(deps: Deps): { rpcs: NotificacoesRpcs; background: readonly Background[] } {
  const { config, clock, dataSource, logger, workers, mensagens } = deps;
  const sql = autocommit(dataSource);
  const fim = new Worker({
    ...{ name: 'historico-fim', batch: LOTE, intervalMs: HORA_MS, logger, metrics: workers },
    work: (limite) => terminarHistorico(sql, clock.now(), config.historyRetentionDays, limite),
  });
  const postgres = new PostgresConsultaDeHistorico(sql);
  const copia =
    config.mongodbUrl === undefined ? undefined : createCopia(deps, sql, postgres, config.mongodbUrl);
  const historico = copia?.consulta ?? postgres;
  return {
    rpcs: historicoRpcs(new ObterHistoricoHandler({ historico, mensagens })),
    background: [...(copia?.background ?? []), fim],
  };
}

function createCopia(
  { logger, metrics, workers }: Deps,
  sql: Sql,
  postgres: ConsultaDeHistorico,
  url: string,
): { consulta: ConsultaDeHistorico; background: readonly Background[] } {
  const client = createMongoClient(url);
  const arquivo = new MongoArquivo(colecaoDe(client));
  const fila = new PostgresFilaDeCopia(sql);
  const consulta = new ConsultaComRetaguarda({
    emDia: () => fila.emDia(),
    ...{ mongodb: arquivo, postgres, logger },
  });
  new Gauge({
    name: 'notificacoes_historico_a_copiar',
    help: 'Records of the history that MongoDB does not have yet.',
    registers: [metrics.registry],
    async collect() {
      try {
        this.set((await fila.situacao()).total);
      } catch (error) {
        // The other metrics must still be readable while the database is away.
        this.remove();
        logger.warn({ err: error }, 'what waits to be copied cannot be counted');
      }
    },
  });
  const worker = new Worker({
    ...{ name: 'historico', batch: LOTE, logger, metrics: workers },
    work: copiarHistorico({ fila, arquivo }),
    state: () => fila.situacao(),
  });
  const connection: Background = {
    name: 'mongodb',
    start: async () => {},
    async stop() {
      consulta.close();
      await client.close();
    },
  };
  // Closed in the opposite order.
  return { consulta, background: [connection, worker] };
}

import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { Background } from '@plataforma/runtime/service';
import { autocommit } from '@plataforma/runtime/transaction';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import { delay } from '@plataforma/runtime/wait';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import { PostgresFila } from '../mensagens/infrastructure/fila.ts';
import { PostgresHistorico } from '../mensagens/infrastructure/historico.ts';
import type { Modelos } from '../modelos/application/modelos.ts';
import { lerDestino } from '../rede/infrastructure/destino.ts';
import { DnsResolvedor } from '../rede/infrastructure/resolvedor.ts';
import { AnotarFalhaHandler } from './application/anotar-falha.ts';
import { CriarWebhookHandler } from './application/criar-webhook.ts';
import { EntregarHandler } from './application/entregar.ts';
import { MudarWebhookHandler } from './application/mudar-webhook.ts';
import type { Transacao, TransacaoDeEnvio } from './application/ports.ts';
import { RegistrarEventoHandler } from './application/registrar-evento.ts';
import { RepetirEntregasHandler } from './application/repetir-entregas.ts';
import { ReselarHandler } from './application/reselar.ts';
import { WebhooksQueries } from './application/webhooks-queries.ts';
import { GUARDA_DE_RESERVAS_MS, GUARDA_MS, SEM_ACESSO_MS } from './domain/webhook.ts';
import { ChavesDeAssinatura } from './infrastructure/chaves.ts';
import { PostgresEntregasRepository } from './infrastructure/entregas-repository.ts';
import { webhooksConsumers } from './infrastructure/eventos-consumers.ts';
import { PostgresFilaDeEntregas } from './infrastructure/fila-de-entregas.ts';
import { MensageiroHttp } from './infrastructure/mensageiro.ts';
import { createObservadorDeWebhooks } from './infrastructure/observador.ts';
import { PostgresWebhooksRepository } from './infrastructure/webhooks-repository.ts';
import { webhooksService } from './presentation/webhooks-service.ts';

interface Deps {
  readonly config: {
    /** Seal the keys that sign requests, the newest first. */
    readonly webhookKeys: readonly Buffer[];
    readonly webhookAllowLoopback: boolean;
    readonly mongodbUrl: string | undefined;
  };
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly modelos: Modelos;
  readonly workerMetrics: WorkerMetrics;
}

/** Addresses that are sent to at the same time: many, since one that hangs does nothing but wait. */
const LUGARES = 100;
/** What comes within so long is found by one look. */
const OLHAR_MS = 25;
const ESQUECER_MS = 60_000;
const ESQUECER_LOTE = 500;
const RESELAR_MS = 60_000;
const RESELAR_LOTE = 100;

/** Composition of the outgoing webhooks. */
export function createWebhooks(deps: Deps): {
  readonly service: RpcService;
  readonly consumers: readonly ConsumeOptions[];
  /** Closed in the opposite order. */
  readonly background: readonly Background[];
} {
  const { clock, dataSource, ids, logger, metrics } = deps;
  const permiteLocal = deps.config.webhookAllowLoopback;
  const destinos = { ler: (url: string) => lerDestino(url, permiteLocal) };
  const chaves = new ChavesDeAssinatura(deps.config.webhookKeys);
  const uow: UnitOfWork<Transacao> = new PostgresUnitOfWork(dataSource, (sql) => ({
    webhooks: new PostgresWebhooksRepository(sql),
    entregas: new PostgresEntregasRepository(sql),
  }));
  const copiado = deps.config.mongodbUrl !== undefined;
  const uowDeEnvio: UnitOfWork<TransacaoDeEnvio> = new PostgresUnitOfWork(dataSource, (sql) => ({
    saida: new PostgresFilaDeEntregas(sql),
    fila: new PostgresFila(sql),
    historico: new PostgresHistorico(sql, copiado),
  }));
  const entregar = new EntregarHandler(
    {
      clock,
      fila: new PostgresFilaDeEntregas(autocommit(dataSource)),
      anotarFalha: new AnotarFalhaHandler({ ids, clock, modelos: deps.modelos, uow: uowDeEnvio }),
      mensageiro: new MensageiroHttp({ clock, chaves, resolvedor: new DnsResolvedor(), permiteLocal }),
      observador: createObservadorDeWebhooks({ logger, metrics, dataSource }),
      sorte: () => randomInt(1_000) / 1_000,
    },
    LUGARES,
  );
  const comum = { logger, metrics: deps.workerMetrics };
  const worker = new Worker({
    ...comum,
    name: 'webhooks-entregas',
    batch: LUGARES,
    work: espacado(OLHAR_MS, (limite) => entregar.work(limite)),
  });
  const wake = (webhookIds: readonly string[]) => {
    if (webhookIds.length === 0) return;
    entregar.avisar(webhookIds);
    worker.wake();
  };
  entregar.aoLivrar(() => worker.wake());
  const limpeza = new Worker({
    ...comum,
    name: 'webhooks-guarda',
    batch: ESQUECER_LOTE,
    intervalMs: ESQUECER_MS,
    work: (limite) => uow.run((tx) => esquecer(tx, clock.now(), limite)),
  });
  const reselar = new ReselarHandler({
    ...{ clock, chaves, uow },
    ilegivel: (webhook, err) => logger.error({ err, webhook }, 'the key of a webhook cannot be read'),
  });
  const selos = new Worker({
    ...comum,
    name: 'webhooks-selos',
    batch: RESELAR_LOTE,
    intervalMs: RESELAR_MS,
    work: reselar.work,
    state: reselar.state,
  });
  return {
    service: webhooksService({
      criar: new CriarWebhookHandler({ chaves, ids, clock, uow, destinos }),
      mudar: new MudarWebhookHandler({ chaves, clock, uow, destinos }),
      repetir: new RepetirEntregasHandler({ clock, uow, novoId: randomUUID }),
      queries: new WebhooksQueries(uow),
      wake,
    }),
    consumers: webhooksConsumers({
      registrar: new RegistrarEventoHandler({ clock, uow }),
      acesso: (usuarioId, tem) =>
        uow.run(({ webhooks }) =>
          tem ? webhooks.comAcesso(usuarioId) : webhooks.semAcesso(usuarioId, clock.now()),
        ),
      wake,
    }),
    background: [emCurso(entregar), worker, limpeza, selos],
  };
}

async function esquecer({ webhooks, entregas }: Transacao, agora: Date, limite: number): Promise<number> {
  await webhooks.esquecerSemAcesso(new Date(agora.getTime() - SEM_ACESSO_MS));
  const eventos = await entregas.esquecer(new Date(agora.getTime() - GUARDA_MS), limite);
  const reservas = new Date(agora.getTime() - GUARDA_DE_RESERVAS_MS);
  const espacos = await entregas.esquecerReservas(reservas, limite);
  return Math.max(eventos, espacos, await webhooks.esquecerApagados(limite));
}

/** Not begun again before so many milliseconds after its end. */
function espacado(ms: number, work: (limite: number) => Promise<number>): typeof work {
  let livreEm = 0;
  return async (limite) => {
    const falta = livreEm - performance.now();
    if (falta > 0) await delay(falta);
    try {
      return await work(limite);
    } finally {
      livreEm = performance.now() + ms;
    }
  };
}

/** Requests that are under way when nothing more is taken. */
function emCurso(entregar: EntregarHandler): Background {
  return { name: 'webhooks-em-curso', start: async () => {}, stop: () => entregar.parar() };
}

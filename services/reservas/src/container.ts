import type { Background, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { AtualizarEspacoHandler, DesativarEspacoHandler } from './application/commands/alterar-espaco.ts';
import { CancelarReservaHandler } from './application/commands/cancelar-reserva.ts';
import { CancelarSerieHandler } from './application/commands/cancelar-serie.ts';
import { ConfirmarReservaHandler } from './application/commands/confirmar-reserva.ts';
import { CotarReservaHandler } from './application/commands/cotar-reserva.ts';
import { CriarEspacoHandler } from './application/commands/criar-espaco.ts';
import { CriarReservaHandler } from './application/commands/criar-reserva.ts';
import { CriarSerieHandler } from './application/commands/criar-serie.ts';
import { CumprirPrazosHandler } from './application/commands/cumprir-prazos.ts';
import { CriarFechamentoHandler, RemoverFechamentoHandler } from './application/commands/fechamentos.ts';
import { DisponibilidadeQueries } from './application/queries/disponibilidade.ts';
import { EspacosQueries } from './application/queries/espacos.ts';
import { FechamentosQueries } from './application/queries/fechamentos.ts';
import { ReservasQueries } from './application/queries/reservas.ts';
import { SeriesQueries } from './application/queries/series.ts';
import { SimularCancelamentoQueryHandler } from './application/queries/simular-cancelamento.ts';
import { SimularCancelamentoSerieQueryHandler } from './application/queries/simular-cancelamento-serie.ts';
import { SimularSerieQueryHandler } from './application/queries/simular-serie.ts';
import { ReservaSagaHandler } from './application/sagas/reserva-saga-handler.ts';
import type { ReservasConfig } from './config.ts';
import { createDiario } from './events.ts';
import { AgendasEmCache } from './infrastructure/cache/agendas-em-cache.ts';
import { PagamentosClient } from './infrastructure/clients/pagamentos-client.ts';
import { consumers } from './infrastructure/messaging/consumers.ts';
import { PostgresAgendas } from './infrastructure/persistence/agendas.ts';
import { contarParadas, contarVencidas, PostgresConsultas } from './infrastructure/persistence/consultas.ts';
import { PostgresConsultasSeries } from './infrastructure/persistence/consultas-series.ts';
import { PostgresUnitOfWork } from './infrastructure/persistence/unit-of-work.ts';
import { prazosWorker } from './infrastructure/workers/prazos-worker.ts';
import { disponibilidadeService } from './presentation/grpc/disponibilidade-service.ts';
import { espacosService } from './presentation/grpc/espacos-service.ts';
import { reservasService } from './presentation/grpc/reservas-service.ts';
import { seriesService } from './presentation/grpc/series-service.ts';

/** What reservas needs of its surroundings. */
export type ReservasDeps = Pick<
  ServiceDeps<ReservasConfig>,
  'clock' | 'dataSource' | 'ids' | 'logger' | 'metrics' | 'redis'
> & {
  readonly config: Pick<
    ReservasConfig,
    'authAddress' | 'pagamentosAddress' | 'serviceSecret' | 'bonusPercentual'
  >;
  /** For the charge, token included. Default 5 s. */
  readonly chargeTimeoutMs?: number;
};

/** An answer of pagamentos that takes longer than this is worth an alert. */
const PARADA_MS = 5 * 60_000;

/** Composition root of reservas. */
export function createReservas({
  config,
  clock,
  dataSource,
  ids,
  logger,
  metrics,
  redis,
  chargeTimeoutMs,
}: ReservasDeps): ServiceParts {
  const agendas = new AgendasEmCache({ origem: new PostgresAgendas(dataSource), redis, metrics });
  const uow = new PostgresUnitOfWork(dataSource, (espacoIds) => agendas.invalidar(espacoIds));
  const consultas = new PostgresConsultas(dataSource);
  const diario = createDiario({
    logger,
    metrics,
    contarVencidas: () => contarVencidas(dataSource, clock.now()),
    contarParadas: () => contarParadas(dataSource, new Date(clock.now().getTime() - PARADA_MS)),
  });
  const { authAddress, pagamentosAddress, serviceSecret, bonusPercentual } = config;
  const tokens = createServiceTokens({ authAddress, servico: 'reservas', segredo: serviceSecret });
  const timeout = chargeTimeoutMs === undefined ? {} : { timeoutMs: chargeTimeoutMs };
  const pagamentos = new PagamentosClient({ address: pagamentosAddress, tokens, logger, ...timeout });
  const reservas = new ReservasQueries(consultas);
  const saga = new ReservaSagaHandler({ uow, pagamentos, clock, diario });
  const consultasSeries = new PostgresConsultasSeries(dataSource);
  const series = new SeriesQueries(consultasSeries);
  return {
    services: [
      espacosService({
        criar: new CriarEspacoHandler({ uow, ids, clock }),
        atualizar: new AtualizarEspacoHandler({ uow, clock }),
        desativar: new DesativarEspacoHandler({ uow, clock }),
        espacos: new EspacosQueries(consultas),
        fechar: new CriarFechamentoHandler({ uow, ids, clock }),
        reabrir: new RemoverFechamentoHandler(uow),
        fechamentos: new FechamentosQueries(consultas),
      }),
      reservasService({
        cotar: new CotarReservaHandler({ uow, ids, clock }),
        criar: new CriarReservaHandler({ uow, ids, clock, saga, diario, bonusPercentual }),
        confirmar: new ConfirmarReservaHandler({ uow, clock }),
        cancelar: new CancelarReservaHandler({ uow, clock }),
        simular: new SimularCancelamentoQueryHandler({ reservas, clock }),
        reservas,
      }),
      seriesService({
        criar: new CriarSerieHandler({
          ...{ uow, ids, clock, saga, diario, bonusPercentual },
          consultas: consultasSeries,
        }),
        simular: new SimularSerieQueryHandler({ uow, clock }),
        cancelar: new CancelarSerieHandler({ uow, clock }),
        simularCancelamento: new SimularCancelamentoSerieQueryHandler({ series, clock }),
        series,
      }),
      disponibilidadeService(new DisponibilidadeQueries({ consultas, agendas, clock })),
    ],
    consumers: consumers(saga),
    background: [
      prazosWorker({ cumprir: new CumprirPrazosHandler({ uow, clock }), logger }),
      connections([pagamentos, tokens]),
    ],
  };
}

/** Closes the channels to the other services when the calls that use them are over. */
function connections(channels: readonly { close(): void }[]): Background {
  return {
    name: 'connections',
    start: async () => {},
    stop: async () => {
      for (const channel of channels) channel.close();
    },
  };
}

import type { Background, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { AtualizarEspacoHandler, DesativarEspacoHandler } from './application/commands/alterar-espaco.ts';
import { CancelarReservaHandler } from './application/commands/cancelar-reserva.ts';
import { ConfirmarReservaHandler } from './application/commands/confirmar-reserva.ts';
import { CotarReservaHandler } from './application/commands/cotar-reserva.ts';
import { CriarEspacoHandler } from './application/commands/criar-espaco.ts';
import { CriarReservaHandler } from './application/commands/criar-reserva.ts';
import { CumprirPrazosHandler } from './application/commands/cumprir-prazos.ts';
import { CriarFechamentoHandler, RemoverFechamentoHandler } from './application/commands/fechamentos.ts';
import { AtribuirGestorHandler, RemoverGestorHandler } from './application/commands/gestores.ts';
import { DisponibilidadeQueries } from './application/queries/disponibilidade.ts';
import { EspacosQueries } from './application/queries/espacos.ts';
import { FechamentosQueries } from './application/queries/fechamentos.ts';
import { GestoresQueries } from './application/queries/gestores.ts';
import { ReservasQueries } from './application/queries/reservas.ts';
import { SimularCancelamentoQueryHandler } from './application/queries/simular-cancelamento.ts';
import { ReservaSagaHandler } from './application/sagas/reserva-saga-handler.ts';
import { createCalendarios } from './calendarios.ts';
import type { ReservasConfig } from './config.ts';
import { createDiario } from './events.ts';
import { AgendasEmCache } from './infrastructure/cache/agendas-em-cache.ts';
import { PagamentosClient } from './infrastructure/clients/pagamentos-client.ts';
import { consumers } from './infrastructure/messaging/consumers.ts';
import { PostgresAgendas } from './infrastructure/persistence/agendas.ts';
import { contarParadas, contarVencidas, PostgresConsultas } from './infrastructure/persistence/consultas.ts';
import { PostgresGestores } from './infrastructure/persistence/gestores.ts';
import { PostgresUnitOfWork } from './infrastructure/persistence/unit-of-work.ts';
import { comMarcaDoEspaco } from './infrastructure/replica/chamadas.ts';
import { prazosWorker } from './infrastructure/workers/prazos-worker.ts';
import { disponibilidadeService } from './presentation/grpc/disponibilidade-service.ts';
import { espacosService } from './presentation/grpc/espacos-service.ts';
import { quemChama } from './presentation/grpc/leitor.ts';
import { reservasService } from './presentation/grpc/reservas-service.ts';
import { createLeitura } from './replica.ts';

/** What reservas needs of its surroundings. */
export type ReservasDeps = Pick<
  ServiceDeps<ReservasConfig>,
  'clock' | 'dataSource' | 'ids' | 'logger' | 'metrics' | 'redis'
> & {
  readonly config: Pick<
    ReservasConfig,
    | 'authAddress'
    | 'pagamentosAddress'
    | 'serviceSecret'
    | 'bonusPercentual'
    | 'idKey'
    | 'publicUrl'
    | 'calendarDomain'
    | 'databasePoolSize'
    | 'databaseReplicaUrl'
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
  const { databaseReplicaUrl: url, databasePoolSize: poolSize } = config;
  const leitura = createLeitura({ url, poolSize, primario: dataSource, redis, logger, metrics });
  const origem = comMarcaDoEspaco(new PostgresAgendas(leitura.banco));
  const agendas = new AgendasEmCache({ origem, redis, metrics });
  const uow = new PostgresUnitOfWork(dataSource, async (espacoIds) => {
    await leitura.mudaram(espacoIds);
    await agendas.invalidar(espacoIds);
  });
  const consultas = new PostgresConsultas(leitura.banco);
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
  const gestores = new PostgresGestores(dataSource);
  const quem = quemChama(gestores);
  const calendarios = createCalendarios({ config, dataSource, consultas, ids, clock, quem });
  return {
    services: leitura.servicos([
      espacosService({
        criar: new CriarEspacoHandler({ uow, ids, clock }),
        atualizar: new AtualizarEspacoHandler({ uow, clock }),
        desativar: new DesativarEspacoHandler({ uow, clock }),
        espacos: new EspacosQueries(consultas),
        fechar: new CriarFechamentoHandler({ uow, ids, clock }),
        reabrir: new RemoverFechamentoHandler(uow),
        fechamentos: new FechamentosQueries(consultas),
        atribuir: new AtribuirGestorHandler({ gestores, clock }),
        remover: new RemoverGestorHandler({ gestores, clock }),
        gestores: new GestoresQueries({ gestores, consultas }),
        quem,
      }),
      reservasService({
        cotar: new CotarReservaHandler({ uow, ids, clock }),
        criar: new CriarReservaHandler({ uow, ids, clock, saga, diario, bonusPercentual }),
        confirmar: new ConfirmarReservaHandler({ uow, clock }),
        cancelar: new CancelarReservaHandler({ uow, clock }),
        simular: new SimularCancelamentoQueryHandler({ reservas, clock }),
        reservas,
        quem,
      }),
      disponibilidadeService(new DisponibilidadeQueries({ consultas, agendas, clock })),
      calendarios.service,
    ]),
    routes: [calendarios.route],
    consumers: [...consumers(saga), calendarios.consumer],
    background: [
      prazosWorker({ cumprir: new CumprirPrazosHandler({ uow, clock }), logger }),
      connections([pagamentos, tokens]),
      ...leitura.background,
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

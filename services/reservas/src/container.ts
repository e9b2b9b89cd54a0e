import type { Background, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { AceitarReservaHandler } from './application/commands/aceitar-reserva.ts';
import { AtualizarEspacoHandler, DesativarEspacoHandler } from './application/commands/alterar-espaco.ts';
import { AtenderFilaHandler } from './application/commands/atender-fila.ts';
import { CancelarReservaHandler } from './application/commands/cancelar-reserva.ts';
import { CancelarSerieHandler } from './application/commands/cancelar-serie.ts';
import { ConfirmarReservaHandler } from './application/commands/confirmar-reserva.ts';
import { CotarReservaHandler } from './application/commands/cotar-reserva.ts';
import { CriarEspacoHandler } from './application/commands/criar-espaco.ts';
import { CriarReservaHandler } from './application/commands/criar-reserva.ts';
import { CriarSerieHandler } from './application/commands/criar-serie.ts';
import { CumprirPrazosHandler } from './application/commands/cumprir-prazos.ts';
import { EncerrarEsperasHandler } from './application/commands/encerrar-esperas.ts';
import { EntrarNaFilaHandler } from './application/commands/entrar-na-fila.ts';
import { CriarFechamentoHandler, RemoverFechamentoHandler } from './application/commands/fechamentos.ts';
import { AtribuirGestorHandler, RemoverGestorHandler } from './application/commands/gestores.ts';
import { SairDaFilaHandler } from './application/commands/sair-da-fila.ts';
import { BuscarEspacosQueryHandler } from './application/queries/buscar-espacos.ts';
import { DisponibilidadeQueries } from './application/queries/disponibilidade.ts';
import { EspacosQueries } from './application/queries/espacos.ts';
import { FechamentosQueries } from './application/queries/fechamentos.ts';
import { FilaEsperaQueries } from './application/queries/fila-espera.ts';
import { GestoresQueries } from './application/queries/gestores.ts';
import { ObterSagaQueryHandler } from './application/queries/obter-saga.ts';
import { ReservasQueries } from './application/queries/reservas.ts';
import { SeriesQueries } from './application/queries/series.ts';
import { SimularCancelamentoQueryHandler } from './application/queries/simular-cancelamento.ts';
import { SimularCancelamentoSerieQueryHandler } from './application/queries/simular-cancelamento-serie.ts';
import { SimularSerieQueryHandler } from './application/queries/simular-serie.ts';
import { ReservaSagaHandler } from './application/sagas/reserva-saga-handler.ts';
import { PRAZO_DA_RESPOSTA_MS, PRAZO_DO_ESTORNO_MS } from './application/sagas/situacao-da-saga.ts';
import { createCalendarios } from './calendarios.ts';
import type { ReservasConfig } from './config.ts';
import { createDiario } from './events.ts';
import { createDiarioDaFila } from './events-fila.ts';
import { createDiarioDeTrabalhos } from './events-trabalhos.ts';
import { AgendasEmCache } from './infrastructure/cache/agendas-em-cache.ts';
import { PagamentosClient } from './infrastructure/clients/pagamentos-client.ts';
import { cadastroConsumer } from './infrastructure/messaging/cadastro-consumer.ts';
import { consumers } from './infrastructure/messaging/consumers.ts';
import { PostgresAgendas } from './infrastructure/persistence/agendas.ts';
import { PostgresBuscaDeEspacos } from './infrastructure/persistence/busca-de-espacos.ts';
import { contarParadas, contarVencidas, PostgresConsultas } from './infrastructure/persistence/consultas.ts';
import { contarVagas, PostgresConsultasFila } from './infrastructure/persistence/consultas-fila.ts';
import { PostgresConsultasSeries } from './infrastructure/persistence/consultas-series.ts';
import { PostgresContas } from './infrastructure/persistence/contas.ts';
import { PostgresGestores } from './infrastructure/persistence/gestores.ts';
import { limpar } from './infrastructure/persistence/limpeza.ts';
import {
  contarEstornosParados,
  contarSemPagamento,
  PostgresSagas,
} from './infrastructure/persistence/sagas.ts';
import { contarAdiados } from './infrastructure/persistence/trabalhos-adiados.ts';
import { PostgresUnitOfWork } from './infrastructure/persistence/unit-of-work.ts';
import { comMarcaDoEspaco } from './infrastructure/replica/chamadas.ts';
import { filaWorker } from './infrastructure/workers/fila-worker.ts';
import { limpezaWorker } from './infrastructure/workers/limpeza-worker.ts';
import { prazosWorker } from './infrastructure/workers/prazos-worker.ts';
import { disponibilidadeService } from './presentation/grpc/disponibilidade-service.ts';
import { espacosService } from './presentation/grpc/espacos-service.ts';
import { filaEsperaService } from './presentation/grpc/fila-espera-service.ts';
import { quemChama } from './presentation/grpc/leitor.ts';
import { reservasService } from './presentation/grpc/reservas-service.ts';
import { seriesService } from './presentation/grpc/series-service.ts';
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
    | 'calendarKeys'
    | 'idKey'
    | 'publicUrl'
    | 'calendarDomain'
    | 'databasePoolSize'
    | 'databaseReplicaUrl'
  >;
  /** For a call of pagamentos, token included. Default 5 s. */
  readonly chargeTimeoutMs?: number;
};

/** What took place without its money can still be settled with the customer. */
const SEM_PAGAMENTO_DESDE_MS = 7 * 24 * 3_600_000;

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
  const ha = (ms: number) => new Date(clock.now().getTime() - ms);
  const diario = createDiario({
    logger,
    metrics,
    contarVencidas: () => contarVencidas(dataSource, clock.now()),
    contarParadas: () => contarParadas(dataSource, ha(PRAZO_DA_RESPOSTA_MS)),
    contarSemPagamento: () => contarSemPagamento(dataSource, ha(SEM_PAGAMENTO_DESDE_MS)),
    contarEstornosParados: () =>
      contarEstornosParados(dataSource, ha(PRAZO_DA_RESPOSTA_MS), ha(PRAZO_DO_ESTORNO_MS)),
  });
  const { authAddress, pagamentosAddress, serviceSecret, bonusPercentual } = config;
  const tokens = createServiceTokens({ authAddress, servico: 'reservas', segredo: serviceSecret });
  const timeout = chargeTimeoutMs === undefined ? {} : { timeoutMs: chargeTimeoutMs };
  const pagamentos = new PagamentosClient({ address: pagamentosAddress, tokens, logger, ...timeout });
  const reservas = new ReservasQueries(consultas);
  const diarioDaFila = createDiarioDaFila({ logger, metrics, contarVagas: () => contarVagas(dataSource) });
  const diarioDeTrabalhos = createDiarioDeTrabalhos({
    ...{ logger, metrics },
    contarAdiados: () => contarAdiados(dataSource),
  });
  const saga = new ReservaSagaHandler({ uow, pagamentos, clock, diario });
  const gestores = new PostgresGestores(dataSource);
  const quem = quemChama(gestores);
  const calendarios = createCalendarios({ config, dataSource, consultas, ids, clock, quem });
  const consultasSeries = new PostgresConsultasSeries(dataSource);
  const series = new SeriesQueries(consultasSeries);
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
        confirmar: new ConfirmarReservaHandler({ uow, pagamentos, clock }),
        aceitar: new AceitarReservaHandler({ uow, clock, saga }),
        cancelar: new CancelarReservaHandler({ uow, consultas, pagamentos, clock }),
        simular: new SimularCancelamentoQueryHandler({ reservas, uow, pagamentos, clock }),
        reservas,
        saga: new ObterSagaQueryHandler({ sagas: new PostgresSagas(dataSource), clock }),
        quem,
      }),
      filaEsperaService({
        entrar: new EntrarNaFilaHandler({ uow, ids, clock }),
        sair: new SairDaFilaHandler({ uow, clock }),
        fila: new FilaEsperaQueries(new PostgresConsultasFila(dataSource)),
      }),
      seriesService({
        criar: new CriarSerieHandler({
          ...{ uow, ids, clock, saga, diario, bonusPercentual },
          consultas: consultasSeries,
        }),
        simular: new SimularSerieQueryHandler({ uow, clock }),
        cancelar: new CancelarSerieHandler({ uow, consultas: consultasSeries, pagamentos, clock }),
        simularCancelamento: new SimularCancelamentoSerieQueryHandler({ series, uow, pagamentos, clock }),
        series,
      }),
      disponibilidadeService({
        disponibilidade: new DisponibilidadeQueries({ consultas, agendas, clock }),
        buscar: new BuscarEspacosQueryHandler({ espacos: new PostgresBuscaDeEspacos(leitura.banco), clock }),
      }),
      calendarios.service,
    ]),
    routes: [calendarios.route],
    consumers: [...consumers(saga), calendarios.consumer, cadastroConsumer(new PostgresContas(dataSource))],
    background: [
      filaWorker({
        atender: new AtenderFilaHandler({
          uow,
          ids,
          clock,
          diario: { ...diario, ...diarioDaFila, ...diarioDeTrabalhos },
          bonusPercentual,
        }),
        encerrar: new EncerrarEsperasHandler({ uow, clock, diario: diarioDeTrabalhos }),
        logger,
      }),
      prazosWorker({ cumprir: new CumprirPrazosHandler({ uow, clock, diario: diarioDeTrabalhos }), logger }),
      limpezaWorker({
        limpar: (tabela, maximo) => limpar(dataSource, tabela, maximo),
        ...{ logger, metrics },
      }),
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

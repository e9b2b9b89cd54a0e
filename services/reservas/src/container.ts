import { DadosConsultadosSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { AdminLooks } from '@plataforma/runtime/admin-looks';
import { ClientAddresses } from '@plataforma/runtime/client-address';
import { inTurn, oneByOne } from '@plataforma/runtime/one-by-one';
import { createPersonalKeys } from '@plataforma/runtime/personal-keys-client';
import type { Background, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import type { commonFields } from '@plataforma/runtime/service-config';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { BuscarEspacosHandler } from './agenda/application/buscar-espacos.ts';
import { DisponibilidadeQueries } from './agenda/application/disponibilidade-queries.ts';
import { PostgresAgendas } from './agenda/infrastructure/agendas.ts';
import { AgendasEmCache } from './agenda/infrastructure/agendas-em-cache.ts';
import { PostgresBuscaDeEspacos } from './agenda/infrastructure/busca-de-espacos.ts';
import { disponibilidadeService } from './agenda/presentation/disponibilidade-service.ts';
import { createCalendarios } from './calendarios/composition.ts';
import { CancelarReservaHandler } from './cancelamentos/application/cancelar-reserva.ts';
import { SimularCancelamentoHandler } from './cancelamentos/application/simular-cancelamento.ts';
import { cancelamentosRpcs } from './cancelamentos/presentation/cancelamentos-rpcs.ts';
import type { ReservasConfig } from './config.ts';
import { cadastroConsumer } from './contas/infrastructure/cadastro-consumer.ts';
import { PostgresContasRepository } from './contas/infrastructure/contas-repository.ts';
import { createSolicitanteDe } from './contas/presentation/solicitante.ts';
import { secoesDeReservas } from './dados-pessoais/infrastructure/secoes.ts';
import { dadosPessoaisService } from './dados-pessoais/presentation/dados-pessoais-service.ts';
import { AtribuirGestorHandler } from './espacos/application/atribuir-gestor.ts';
import { AtualizarEspacoHandler } from './espacos/application/atualizar-espaco.ts';
import { CriarEspacoHandler } from './espacos/application/criar-espaco.ts';
import { CriarFechamentoHandler } from './espacos/application/criar-fechamento.ts';
import { DesativarEspacoHandler } from './espacos/application/desativar-espaco.ts';
import { EspacosQueries } from './espacos/application/espacos-queries.ts';
import { FechamentosQueries } from './espacos/application/fechamentos-queries.ts';
import { GestoresQueries } from './espacos/application/gestores-queries.ts';
import { RemoverFechamentoHandler } from './espacos/application/remover-fechamento.ts';
import { RemoverGestorHandler } from './espacos/application/remover-gestor.ts';
import { PostgresConsultaDeEspacos } from './espacos/infrastructure/consulta-de-espacos.ts';
import { PostgresGestoresRepository } from './espacos/infrastructure/gestores-repository.ts';
import { espacosService } from './espacos/presentation/espacos-service.ts';
import { AtenderFilaHandler } from './fila-espera/application/atender-fila.ts';
import { EncerrarEsperasHandler } from './fila-espera/application/encerrar-esperas.ts';
import { EntrarNaFilaHandler } from './fila-espera/application/entrar-na-fila.ts';
import { FilaEsperaQueries } from './fila-espera/application/fila-espera-queries.ts';
import type { ObservadorDaFila } from './fila-espera/application/ports.ts';
import { SairDaFilaHandler } from './fila-espera/application/sair-da-fila.ts';
import {
  contarVagas,
  PostgresConsultaDaFila,
  situacaoDaFila,
} from './fila-espera/infrastructure/consulta-da-fila.ts';
import { createObservadorDaFila } from './fila-espera/infrastructure/observador.ts';
import { filaEsperaService } from './fila-espera/presentation/fila-espera-service.ts';
import { limpezas } from './persistence/limpeza.ts';
import { createUnitOfWork, type Transacao } from './persistence/unit-of-work.ts';
import { RemoverPessoaHandler } from './remocoes/application/remover-pessoa.ts';
import { PostgresConsultaDePessoas } from './remocoes/infrastructure/consulta-de-pessoas.ts';
import { remocoesConsumer } from './remocoes/infrastructure/remocoes-consumer.ts';
import { comMarcaDoEspaco } from './replica/chamadas.ts';
import { createLeitura } from './replica/composition.ts';
import { AceitarReservaHandler } from './reservas/application/aceitar-reserva.ts';
import { ConfirmarReservaHandler } from './reservas/application/confirmar-reserva.ts';
import { CotarReservaHandler } from './reservas/application/cotar-reserva.ts';
import { CriarReservaHandler } from './reservas/application/criar-reserva.ts';
import { CumprirPrazoHandler, PRAZOS } from './reservas/application/cumprir-prazo.ts';
import type { ObservadorDeReservas } from './reservas/application/ports.ts';
import { ReservasQueries } from './reservas/application/reservas-queries.ts';
import {
  contarParadas,
  contarVencidas,
  PostgresConsultaDeReservas,
} from './reservas/infrastructure/consulta-de-reservas.ts';
import { createObservadorDeReservas } from './reservas/infrastructure/observador.ts';
import { situacaoDosPrazos } from './reservas/infrastructure/vencidas-sql.ts';
import { reservasService } from './reservas/presentation/reservas-service.ts';
import { CobrancasDaSaga } from './saga/application/cobrancas-da-saga.ts';
import { ObterSagaHandler } from './saga/application/obter-saga.ts';
import type { ObservadorDaSaga } from './saga/application/ports.ts';
import { ReceberFatoHandler } from './saga/application/receber-fato.ts';
import { PRAZO_DA_RESPOSTA_MS, PRAZO_DO_ESTORNO_MS } from './saga/domain/situacao-da-saga.ts';
import { PostgresConsultaDeSagas } from './saga/infrastructure/consulta-de-sagas.ts';
import { contarEstornosParados, contarSemPagamento } from './saga/infrastructure/contagens.ts';
import { createObservadorDaSaga } from './saga/infrastructure/observador.ts';
import { PagamentosClient } from './saga/infrastructure/pagamentos-client.ts';
import { pagamentosConsumers } from './saga/infrastructure/pagamentos-consumer.ts';
import { sagaRpcs } from './saga/presentation/saga-rpcs.ts';
import { CancelarSerieHandler } from './series/application/cancelar-serie.ts';
import { CriarSerieHandler } from './series/application/criar-serie.ts';
import { SeriesQueries } from './series/application/series-queries.ts';
import { SimularCancelamentoSerieHandler } from './series/application/simular-cancelamento-serie.ts';
import { SimularSerieHandler } from './series/application/simular-serie.ts';
import { PostgresConsultaDeSeries } from './series/infrastructure/consulta-de-series.ts';
import { seriesService } from './series/presentation/series-service.ts';

/** What reservas needs of its surroundings. */
export type ReservasDeps = Pick<
  ServiceDeps<ReservasConfig>,
  'clock' | 'dataSource' | 'ids' | 'logger' | 'metrics' | 'redis'
> & {
  readonly config: Omit<ReservasConfig, keyof typeof commonFields> &
    Pick<ReservasConfig, 'databasePoolSize' | 'idKey' | 'trustedProxies'>;
  /** For a call of pagamentos, token included. Default 5 s. */
  readonly chargeTimeoutMs?: number;
};

type Observador = ObservadorDeReservas & ObservadorDaSaga & ObservadorDaFila;

/** What took place without its money can still be settled with the customer. */
const SEM_PAGAMENTO_DESDE_MS = 7 * 24 * 3_600_000;

/** What one look of a worker takes at most: one transaction, while nothing fails. */
const LOTE = 50;
const LOTE_DA_LIMPEZA = 500;
const LIMPEZA_A_CADA_MS = 300_000;

/** Composition root of reservas. */
export function createReservas(deps: ReservasDeps): ServiceParts {
  const { config, clock, dataSource, ids, logger, metrics, redis, chargeTimeoutMs } = deps;
  const { databaseReplicaUrl: url, databasePoolSize: poolSize } = config;
  const leitura = createLeitura({ url, poolSize, primario: dataSource, redis, logger, metrics });
  const origem = comMarcaDoEspaco(new PostgresAgendas(leitura.banco));
  const agendas = new AgendasEmCache({ origem, redis, metrics });
  const uow = createUnitOfWork(dataSource, async (espacoIds) => {
    await leitura.mudaram(espacoIds);
    await agendas.invalidar(espacoIds);
  });
  const consulta = new PostgresConsultaDeReservas(leitura.banco);
  const consultaDeEspacos = new PostgresConsultaDeEspacos(leitura.banco);
  const observador = createObservadores(deps);
  const { authAddress, pagamentosAddress, serviceSecret, bonusPercentual } = config;
  const tokens = createServiceTokens({ authAddress, servico: 'reservas', segredo: serviceSecret });
  const keys = createPersonalKeys({ authAddress, tokens, logger });
  const timeout = chargeTimeoutMs === undefined ? {} : { timeoutMs: chargeTimeoutMs };
  const pagamentos = new PagamentosClient({ address: pagamentosAddress, tokens, logger, ...timeout });
  const reservas = new ReservasQueries(consulta);
  const daSaga = { uow, clock, observador };
  const cobrancas = new CobrancasDaSaga({ ...daSaga, pagamentos });
  const gestores = new PostgresGestoresRepository(dataSource);
  const solicitanteDe = createSolicitanteDe(gestores);
  const calendarios = createCalendarios({ ...deps, consulta: consultaDeEspacos, solicitanteDe });
  const consultaDeSeries = new PostgresConsultaDeSeries(dataSource);
  const series = new SeriesQueries(consultaDeSeries);
  const contas = new PostgresContasRepository(dataSource);
  const cancelar = new CancelarReservaHandler({ uow, consulta, pagamentos, clock });
  const sair = new SairDaFilaHandler({ uow, clock });
  return {
    services: [
      dadosPessoaisService(secoesDeReservas(autocommit(dataSource))),
      ...leitura.servicos([
        espacosService({
          criar: new CriarEspacoHandler({ uow, ids, clock }),
          atualizar: new AtualizarEspacoHandler({ uow, clock }),
          desativar: new DesativarEspacoHandler({ uow, clock }),
          espacos: new EspacosQueries(consultaDeEspacos),
          fechar: new CriarFechamentoHandler({ uow, ids, clock }),
          reabrir: new RemoverFechamentoHandler({ uow }),
          fechamentos: new FechamentosQueries(consultaDeEspacos),
          atribuir: new AtribuirGestorHandler({ gestores, clock }),
          remover: new RemoverGestorHandler({ gestores, clock }),
          gestores: new GestoresQueries({ gestores, consulta: consultaDeEspacos }),
          solicitanteDe,
        }),
        reservasService({
          cotar: new CotarReservaHandler({ uow, ids, clock }),
          criar: new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual }),
          confirmar: new ConfirmarReservaHandler({ uow, pagamentos, clock }),
          aceitar: new AceitarReservaHandler({ uow, clock, cobrancas }),
          reservas,
          cancelamentos: cancelamentosRpcs({
            cancelar,
            simular: new SimularCancelamentoHandler({ reservas, uow, pagamentos, clock }),
            ...{ reservas, solicitanteDe },
          }),
          saga: sagaRpcs(new ObterSagaHandler({ sagas: new PostgresConsultaDeSagas(dataSource), clock })),
          solicitanteDe,
        }),
        filaEsperaService({
          entrar: new EntrarNaFilaHandler({ uow, ids, clock }),
          sair,
          fila: new FilaEsperaQueries(new PostgresConsultaDaFila(dataSource)),
        }),
        seriesService({
          criar: new CriarSerieHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual }),
          simular: new SimularSerieHandler({ uow, clock }),
          cancelar: new CancelarSerieHandler({ uow, consulta: consultaDeSeries, pagamentos, clock }),
          simularCancelamento: new SimularCancelamentoSerieHandler({ series, uow, pagamentos, clock }),
          series,
        }),
        disponibilidadeService({
          disponibilidade: new DisponibilidadeQueries({ consulta: consultaDeEspacos, agendas, clock }),
          buscar: new BuscarEspacosHandler({ espacos: new PostgresBuscaDeEspacos(leitura.banco), clock }),
        }),
        calendarios.service,
      ]),
    ],
    // Of what a replica answers, too: the record is written where rows are.
    looks: new AdminLooks({
      ...{ dataSource, clock, evento: DadosConsultadosSchema },
      clients: new ClientAddresses(config.trustedProxies),
    }),
    routes: [calendarios.route],
    consumers: [
      ...pagamentosConsumers(new ReceberFatoHandler(daSaga)),
      calendarios.consumer,
      cadastroConsumer(contas),
      remocoesConsumer(
        new RemoverPessoaHandler({
          ...{ uow, contas, cancelar, sair, clock },
          consulta: new PostgresConsultaDePessoas(dataSource),
        }),
      ),
    ],
    // Refunds hang on the event of a cancellation: it waits for no key, and goes without the reason somebody wrote.
    personal: { keys, withoutKeys: 'GOES_WITHOUT' },
    connections: [keys, tokens],
    background: [...createWorkers(deps, uow, observador), connections([pagamentos]), ...leitura.background],
  };
}

/** What tells operators how the rooms are doing. */
function createObservadores({ clock, dataSource, logger, metrics }: ReservasDeps): Observador {
  const ha = (ms: number) => new Date(clock.now().getTime() - ms);
  return {
    ...createObservadorDeReservas({
      ...{ logger, metrics },
      contarVencidas: () => contarVencidas(dataSource, clock.now()),
      contarParadas: () => contarParadas(dataSource, ha(PRAZO_DA_RESPOSTA_MS)),
    }),
    ...createObservadorDaSaga({
      ...{ logger, metrics },
      contarSemPagamento: () => contarSemPagamento(dataSource, ha(SEM_PAGAMENTO_DESDE_MS)),
      contarEstornosParados: () =>
        contarEstornosParados(dataSource, ha(PRAZO_DA_RESPOSTA_MS), ha(PRAZO_DO_ESTORNO_MS)),
    }),
    ...createObservadorDaFila({ logger, metrics, contarVagas: () => contarVagas(dataSource) }),
  };
}

/** What is done because it is due. */
function createWorkers(
  { config, clock, dataSource, ids, logger, metrics }: ReservasDeps,
  uow: UnitOfWork<Transacao>,
  observador: Observador,
): Background[] {
  const { bonusPercentual } = config;
  const paraWorkers = { logger, metrics: createWorkerMetrics(metrics.registry) };
  const atender = new AtenderFilaHandler({ uow, ids, clock, observador, bonusPercentual });
  const prazos = PRAZOS.map((prazo) => [prazo, oneByOne(new CumprirPrazoHandler({ prazo, uow, clock }))]);
  return [
    new Worker({
      ...{ name: 'fila-espera', batch: LOTE, ...paraWorkers },
      work: inTurn({
        ofertas: (limite, falhou) => atender.ofertar(limite, falhou),
        encerramentos: oneByOne(new EncerrarEsperasHandler({ uow, clock })),
      }),
      state: () => situacaoDaFila(dataSource, clock.now()),
    }),
    new Worker({
      ...{ name: 'prazos', batch: LOTE, ...paraWorkers },
      work: inTurn(Object.fromEntries(prazos)),
      state: () => situacaoDosPrazos(dataSource, PRAZOS, clock.now()),
    }),
    new Worker({
      ...{ name: 'purge', batch: LOTE_DA_LIMPEZA, intervalMs: LIMPEZA_A_CADA_MS, ...paraWorkers },
      work: inTurn(limpezas(dataSource, metrics.registry)),
    }),
  ];
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

import { DadosConsultadosSchema } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import type { WorkQueue } from '@plataforma/domain/work-queue';
import { AdminLooks } from '@plataforma/runtime/admin-looks';
import { ClientAddresses } from '@plataforma/runtime/client-address';
import { inTurn, oneByOne } from '@plataforma/runtime/one-by-one';
import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import type { commonFields } from '@plataforma/runtime/service-config';
import { newTrail, type Trail, trailOf } from '@plataforma/runtime/trail';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { AtenderCancelamentoHandler } from './cancelamentos/application/atender-cancelamento.ts';
import { cancelamentoConsumer } from './cancelamentos/infrastructure/cancelamento-consumer.ts';
import { PostgresRecusasDeDevolucao } from './cancelamentos/infrastructure/recusas-de-devolucao.ts';
import { AbrirCheckoutHandler } from './cobrancas/application/abrir-checkout.ts';
import { ConcluirEncerramentosHandler } from './cobrancas/application/concluir-encerramentos.ts';
import { CriarCobrancaHandler } from './cobrancas/application/criar-cobranca.ts';
import { EncerrarCobrancaHandler } from './cobrancas/application/encerrar-cobranca.ts';
import { RetomarCheckoutsHandler } from './cobrancas/application/retomar-checkouts.ts';
import { UsarCreditosHandler } from './cobrancas/application/usar-creditos.ts';
import { PostgresFilaDeCobrancas } from './cobrancas/infrastructure/filas-de-cobrancas.ts';
import { createObservadorDeCobrancas } from './cobrancas/infrastructure/observador.ts';
import { reservasConsumer } from './cobrancas/infrastructure/reservas-consumer.ts';
import { cobrancasRepeats, cobrancasRpcs } from './cobrancas/presentation/cobrancas-rpcs.ts';
import { ReconciliarHandler } from './conciliacao/application/reconciliar.ts';
import { desfechosConsumer } from './conciliacao/infrastructure/desfechos-consumer.ts';
import { observarContas } from './conciliacao/infrastructure/observador.ts';
import { PostgresPainelDeReconciliacao } from './conciliacao/infrastructure/painel-de-reconciliacao.ts';
import type { PagamentosConfig } from './config.ts';
import { CreditosQueries } from './creditos/application/creditos-queries.ts';
import { PostgresLivroDeCreditos } from './creditos/infrastructure/livro-de-creditos.ts';
import { creditosRpcs } from './creditos/presentation/creditos-rpcs.ts';
import { secoesDePagamentos } from './dados-pessoais/infrastructure/secoes.ts';
import { dadosPessoaisService } from './dados-pessoais/presentation/dados-pessoais-service.ts';
import { ExecutarEstornosHandler } from './estornos/application/executar-estornos.ts';
import { SolicitarEstornoHandler } from './estornos/application/solicitar-estorno.ts';
import { PostgresFilaDeEstornos } from './estornos/infrastructure/fila-de-estornos.ts';
import { naoAproveitadoConsumer } from './estornos/infrastructure/nao-aproveitado-consumer.ts';
import { estornosRepeats, estornosRpcs } from './estornos/presentation/estornos-rpcs.ts';
import { ObterExtratoHandler } from './extrato/application/obter-extrato.ts';
import { ObterTotaisHandler } from './extrato/application/obter-totais.ts';
import { TransacoesQueries } from './extrato/application/transacoes-queries.ts';
import { PostgresConsultaDeExtratos } from './extrato/infrastructure/consulta-de-extratos.ts';
import { PostgresConsultaDeTransacoes } from './extrato/infrastructure/consulta-de-transacoes.ts';
import { extratoRpcs } from './extrato/presentation/extrato-rpcs.ts';
import { transacoesCsvRoute } from './extrato/presentation/transacoes-csv.ts';
import { PagamentosQueries } from './pagamento/application/pagamentos-queries.ts';
import type { PagamentoEvent } from './pagamento/domain/eventos.ts';
import { PostgresConsultaDePagamentos } from './pagamento/infrastructure/consulta-de-pagamentos.ts';
import { createObservadorDePagamentos } from './pagamento/infrastructure/observador.ts';
import { pagamentosRpcs } from './pagamento/presentation/pagamentos-rpcs.ts';
import { pagamentosService } from './pagamento/presentation/pagamentos-service.ts';
import { createUnitOfWork } from './persistence/unit-of-work.ts';
import { remocoesConsumer } from './remocoes/composition.ts';
import { apagarWebhooksDeRemovidos } from './remocoes/infrastructure/apagamento-repository.ts';
import { breakerObserver } from './stripe/infrastructure/breaker-observer.ts';
import { createStripeGateway } from './stripe/infrastructure/stripe-gateway.ts';
import { InterpreteStripe } from './stripe/infrastructure/webhook-facts.ts';
import { VerificadorStripe } from './stripe/infrastructure/webhook-signature.ts';
import { type QueueName, queueState } from './trabalhos/infrastructure/queue-state.ts';
import { ProcessarWebhookHandler } from './webhooks/application/processar-webhook.ts';
import { ReceberWebhookHandler, type TrabalhoDeWebhooks } from './webhooks/application/receber-webhook.ts';
import { PostgresCaixaDeWebhooks } from './webhooks/infrastructure/caixa-de-webhooks.ts';
import { createObservadorDeWebhooks } from './webhooks/infrastructure/observador.ts';
import { apagarWebhooksAntigos } from './webhooks/infrastructure/webhooks-antigos.ts';
import { STRIPE, stripeWebhookRoute } from './webhooks/presentation/stripe-webhook.ts';

type Config = Omit<PagamentosConfig, keyof typeof commonFields> & Pick<PagamentosConfig, 'trustedProxies'>;

interface Deps
  extends Pick<
    ServiceDeps<PagamentosConfig>,
    'logger' | 'clock' | 'dataSource' | 'ids' | 'metrics' | 'verifier'
  > {
  /** What is its own; the rest of the configuration has been used to make the other parts. */
  readonly config: Config;
  /** Who may deal with webhooks as they come. Default: the worker; a proof decides by itself. */
  readonly trabalhoDeWebhooks?: TrabalhoDeWebhooks;
}

const WEBHOOK_LANES = 4;
const LANES = 2;
const RECONCILE_MS = 60_000;
const RECONCILE_BATCH = 50;

/** Composition root: the only place that knows every part. */
export function createPagamentos(deps: Deps): ServiceParts {
  const { dataSource, clock, verifier } = deps;
  const comum = createComum(deps, (tipo) => acordar[tipo]?.wake());
  const creditos = new PostgresLivroDeCreditos(dataSource);
  const pagamentos = new PagamentosQueries(comum.consulta);
  const transacoes = new TransacoesQueries(new PostgresConsultaDeTransacoes(dataSource));
  const extratos = new PostgresConsultaDeExtratos(dataSource);

  const looks = new AdminLooks({
    ...{ dataSource, clock, evento: DadosConsultadosSchema },
    clients: new ClientAddresses(deps.config.trustedProxies),
  });
  const { solicitarEstorno, estornos } = createEstornos(deps, comum);
  const { criarCobranca, usarCreditos, encerrarCobranca, checkouts, encerramentos } = createCobrancas(
    deps,
    comum,
  );
  const recusas = new PostgresRecusasDeDevolucao(dataSource);
  const cancelamentos = { creditos, solicitarEstorno, encerrarCobranca, recusas };
  const { rotaDeWebhooks, webhooks } = createWebhooks(deps, comum);
  const { painel, reconciliacao } = createConciliacao(deps, comum, creditos);
  const acordar: { readonly [T in PagamentoEvent['tipo']]?: Worker } = {
    EncerramentoSolicitado: encerramentos,
    CreditosPedidos: encerramentos,
    CheckoutFechado: checkouts,
    EstornoSolicitado: estornos,
  };

  return {
    services: [
      dadosPessoaisService(secoesDePagamentos(autocommit(dataSource))),
      pagamentosService(
        {
          ...pagamentosRpcs(pagamentos),
          ...cobrancasRpcs({ criarCobranca, usarCreditos }),
          ...estornosRpcs({ solicitarEstorno, pagamentos }),
          ...creditosRpcs({ creditos: new CreditosQueries(creditos), clock }),
          ...extratoRpcs({
            transacoes,
            obterExtrato: new ObterExtratoHandler({ extratos, clock }),
            obterTotais: new ObterTotaisHandler({ extratos, clock }),
          }),
        },
        { ...cobrancasRepeats({ criarCobranca }), ...estornosRepeats({ pagamentos }) },
      ),
    ],
    consumers: [
      // Without an inbox: every command is idempotent by reservation or payment, and their order does not matter.
      {
        stream: 'RESERVAS',
        durable: 'pagamentos-cobranca',
        filter: 'reservas.v1.>',
        on: [
          ...reservasConsumer({ criarCobranca, usarCreditos, encerrarCobranca }),
          ...cancelamentoConsumer(new AtenderCancelamentoHandler(cancelamentos)),
          naoAproveitadoConsumer(solicitarEstorno),
          ...desfechosConsumer(painel),
        ],
      },
      remocoesConsumer(deps),
    ],
    routes: [rotaDeWebhooks, transacoesCsvRoute({ transacoes, verifier, looks })],
    looks,
    // Closed in the opposite order: the gateway last.
    background: [
      { name: 'stripe', start: async () => {}, stop: async () => comum.gateway.close() },
      ...[webhooks, checkouts, encerramentos, estornos, reconciliacao],
    ],
  };
}

type Comum = ReturnType<typeof createComum>;

/** What several rooms need. @param gravado told of each event once it is committed */
function createComum(deps: Deps, gravado: (tipo: PagamentoEvent['tipo']) => void) {
  const { config, clock, dataSource, ids } = deps;
  const observador = createObservadorDePagamentos(deps);
  const uow = createUnitOfWork(dataSource, (pagamentoId, eventos) => {
    observador.gravados(pagamentoId, eventos);
    for (const { tipo } of eventos) gravado(tipo);
  });
  const consulta = new PostgresConsultaDePagamentos(dataSource);
  const gateway = createStripeGateway(config, clock, breakerObserver(deps));
  const workerMetrics = createWorkerMetrics(deps.metrics.registry);
  return { uow, consulta, gateway, observador, ids, clock, workerMetrics };
}

function createEstornos(deps: Deps, comum: Comum) {
  const executar = new ExecutarEstornosHandler({
    ...comum,
    fila: new PostgresFilaDeEstornos(deps.dataSource),
  });
  return {
    solicitarEstorno: new SolicitarEstornoHandler(comum),
    estornos: filaWorker(deps, comum, { name: 'estornos', lanes: LANES, fila: executar, trailOf: stored }),
  };
}

function createCobrancas(deps: Deps, comum: Comum) {
  const { logger, metrics, dataSource } = deps;
  const deCobrancas = {
    ...comum,
    observador: { ...comum.observador, ...createObservadorDeCobrancas({ logger, metrics }) },
  };
  const abrirCheckout = new AbrirCheckoutHandler(deCobrancas);
  const porAbrir = new PostgresFilaDeCobrancas(dataSource, 'checkouts_pendentes');
  const retomar = new RetomarCheckoutsHandler({ ...comum, fila: porAbrir, abrirCheckout });
  const porEncerrar = new PostgresFilaDeCobrancas(dataSource, 'encerramentos_pendentes');
  const concluir = new ConcluirEncerramentosHandler({ ...deCobrancas, fila: porEncerrar });
  const criarCobranca = new CriarCobrancaHandler({ ...comum, abrirCheckout });
  return {
    criarCobranca,
    usarCreditos: new UsarCreditosHandler({ ...comum, criarCobranca, abrirCheckout, concluir }),
    encerrarCobranca: new EncerrarCobrancaHandler(comum),
    checkouts: filaWorker(deps, comum, { name: 'checkouts', lanes: LANES, fila: retomar, trailOf: stored }),
    encerramentos: filaWorker(deps, comum, {
      name: 'encerramentos',
      lanes: LANES,
      fila: concluir,
      trailOf: stored,
    }),
  };
}

function createWebhooks(deps: Deps, comum: Comum) {
  const { uow, clock, gateway, consulta } = comum;
  const { config, logger, metrics, dataSource } = deps;
  const caixa = new PostgresCaixaDeWebhooks(dataSource);
  const deWebhooks = {
    ...{ uow, clock, caixa },
    interprete: new InterpreteStripe(gateway, consulta, config.stripeSecretKey),
    observador: createObservadorDeWebhooks({ logger, metrics, contar: () => caixa.contar() }),
  };
  const processar = new ProcessarWebhookHandler(deWebhooks);
  const webhooks = filaWorker(deps, comum, {
    ...{ name: 'webhooks', lanes: WEBHOOK_LANES, fila: processar },
    trailOf: ({ id }) => newTrail(STRIPE, id),
  });
  const trabalho = deps.trabalhoDeWebhooks ?? webhooks;
  const receber = new ReceberWebhookHandler({ ...deWebhooks, processar, trabalho });
  const verificador = new VerificadorStripe(config.stripeWebhookSecrets);
  return { rotaDeWebhooks: stripeWebhookRoute({ ...deWebhooks, receber, verificador }), webhooks };
}

function createConciliacao(deps: Deps, comum: Comum, creditos: PostgresLivroDeCreditos) {
  const { logger, metrics, clock, dataSource } = deps;
  const painel = new PostgresPainelDeReconciliacao(dataSource);
  const reconciliar = new ReconciliarHandler({ ...comum, painel });
  const contas = () => painel.contas(clock.now());
  observarContas(metrics.registry, contas);
  const reconciliacao = new Worker({
    ...{ name: 'reconciliacao', intervalMs: RECONCILE_MS, logger, metrics: comum.workerMetrics },
    work: inTurn({
      creditos: async () => {
        await creditos.expirar(clock.now());
        return 0;
      },
      pagamentos: async () => {
        const { divergencias, erros } = await reconciliar.execute(RECONCILE_BATCH);
        for (const divergencia of divergencias) comum.observador.divergiu(divergencia);
        if (erros.length > 0) throw new AggregateError(erros, erros.map(String).join('; '));
        return 0;
      },
      webhooks: async () => {
        await apagarWebhooksAntigos(dataSource, clock.now());
        await apagarWebhooksDeRemovidos(autocommit(dataSource), clock.now());
        return 0;
      },
    }),
  });
  return { painel, reconciliacao };
}

interface Fila<Item> {
  readonly name: QueueName;
  readonly lanes: number;
  readonly fila: WorkQueue<Item>;
  readonly trailOf: (item: Item) => Trail | undefined;
}

const stored = ({ rastro }: { readonly rastro?: Readonly<Record<string, string>> }) => trailOf(rastro);

/** Looks at a queue each second and when it is woken. Its items are leased: `tentar_em` is the end of the lease. */
function filaWorker<Item>(
  { logger, dataSource, clock }: Deps,
  { workerMetrics }: Comum,
  { name, lanes, fila, trailOf }: Fila<Item>,
): Worker {
  return new Worker({
    ...{ name, lanes, logger, metrics: workerMetrics },
    work: oneByOne(fila, trailOf),
    state: () => queueState(dataSource, name, clock.now()),
  });
}

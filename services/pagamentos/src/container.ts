import type { commonFields, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { AtenderCancelamentoHandler } from './cancelamentos/application/atender-cancelamento.ts';
import { cancelamentoConsumer } from './cancelamentos/infrastructure/cancelamento-consumer.ts';
import { PostgresRecusasDeDevolucao } from './cancelamentos/infrastructure/recusas-de-devolucao.ts';
import { AbrirCheckout } from './cobrancas/application/abrir-checkout.ts';
import { ConcluirEncerramentos } from './cobrancas/application/concluir-encerramentos.ts';
import { CriarCobrancaHandler } from './cobrancas/application/criar-cobranca.ts';
import { EncerrarCobrancaHandler } from './cobrancas/application/encerrar-cobranca.ts';
import { RetomarCheckouts } from './cobrancas/application/retomar-checkouts.ts';
import { UsarCreditosHandler } from './cobrancas/application/usar-creditos.ts';
import { PostgresFilaDeCobrancas } from './cobrancas/infrastructure/filas-de-cobrancas.ts';
import { observadorDeCobrancas } from './cobrancas/infrastructure/observador.ts';
import { reservasConsumer } from './cobrancas/infrastructure/reservas-consumer.ts';
import { cobrancasRpcs } from './cobrancas/presentation/cobrancas-rpcs.ts';
import { Reconciliar } from './conciliacao/application/reconciliar.ts';
import { desfechosConsumer } from './conciliacao/infrastructure/desfechos-consumer.ts';
import { observadorDaConciliacao } from './conciliacao/infrastructure/observador.ts';
import { PostgresPainelDeReconciliacao } from './conciliacao/infrastructure/painel-de-reconciliacao.ts';
import type { PagamentosConfig } from './config.ts';
import { CreditosQueries } from './creditos/application/creditos-queries.ts';
import { PostgresLivroDeCreditos } from './creditos/infrastructure/livro-de-creditos.ts';
import { creditosRpcs } from './creditos/presentation/creditos-rpcs.ts';
import { ExecutarEstornos } from './estornos/application/executar-estornos.ts';
import { SolicitarEstornoHandler } from './estornos/application/solicitar-estorno.ts';
import { PostgresFilaDeEstornos } from './estornos/infrastructure/fila-de-estornos.ts';
import { naoAproveitadoConsumer } from './estornos/infrastructure/nao-aproveitado-consumer.ts';
import { observadorDeEstornos } from './estornos/infrastructure/observador.ts';
import { estornosRpcs } from './estornos/presentation/estornos-rpcs.ts';
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
import { observadorDePagamentos } from './pagamento/infrastructure/observador.ts';
import { pagamentosRpcs } from './pagamento/presentation/pagamentos-rpcs.ts';
import { pagamentosService } from './pagamento/presentation/pagamentos-service.ts';
import { createUnitOfWork } from './persistence/unit-of-work.ts';
import { breakerObserver } from './stripe/infrastructure/breaker-observer.ts';
import { createStripeGateway } from './stripe/infrastructure/stripe-gateway.ts';
import { InterpreteStripe } from './stripe/infrastructure/webhook-facts.ts';
import { VerificadorStripe } from './stripe/infrastructure/webhook-signature.ts';
import { ProcessarWebhook } from './webhooks/application/processar-webhook.ts';
import { ReceberWebhookHandler, type TrabalhoDeWebhooks } from './webhooks/application/receber-webhook.ts';
import { PostgresCaixaDeWebhooks } from './webhooks/infrastructure/caixa-de-webhooks.ts';
import { observadorDeWebhooks } from './webhooks/infrastructure/observador.ts';
import { apagarWebhooksAntigos } from './webhooks/infrastructure/webhooks-antigos.ts';
import { stripeWebhookRoute } from './webhooks/presentation/stripe-webhook.ts';
import { Worker } from './work/infrastructure/worker.ts';

type Config = Omit<PagamentosConfig, keyof typeof commonFields>;

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

const POLL_MS = 1_000;
const WEBHOOK_LANES = 4;
const LANES = 2;
const RECONCILE_MS = 60_000;
const RECONCILE_BATCH = 50;

/** Composition root: the only place that knows every part. */
export function createPagamentos(deps: Deps): ServiceParts {
  const { config, logger, clock, dataSource, ids, verifier } = deps;
  const observador = observadorDePagamentos(deps);
  const consulta = new PostgresConsultaDePagamentos(dataSource);
  const uow = createUnitOfWork(dataSource, (pagamentoId, eventos) => {
    observador.gravados(pagamentoId, eventos);
    for (const { tipo } of eventos) acordar[tipo]?.wake();
  });
  const gateway = createStripeGateway(config, clock, breakerObserver(deps));
  const comum = { uow, consulta, gateway, ids, clock };

  const creditos = new PostgresLivroDeCreditos(dataSource);
  const solicitarEstorno = new SolicitarEstornoHandler(comum);
  const deCobrancas = { ...comum, observador: { ...observador, ...observadorDeCobrancas(deps) } };
  const abrirCheckout = new AbrirCheckout(deCobrancas);
  const criarCobranca = new CriarCobrancaHandler({ ...comum, abrirCheckout });
  const encerrarCobranca = new EncerrarCobrancaHandler(comum);
  const porEncerrar = new PostgresFilaDeCobrancas(dataSource, 'encerramentos_pendentes');
  const concluir = new ConcluirEncerramentos({ ...deCobrancas, fila: porEncerrar });
  const usarCreditos = new UsarCreditosHandler({ ...comum, criarCobranca, abrirCheckout, concluir });
  const recusas = new PostgresRecusasDeDevolucao(dataSource);
  const atenderCancelamento = new AtenderCancelamentoHandler({
    ...{ creditos, solicitarEstorno, encerrarCobranca, recusas },
  });

  const worker = (name: string, lanes: number, fila: { executarProximo(): Promise<boolean> }) =>
    new Worker({ name, lanes, work: () => fila.executarProximo(), intervalMs: POLL_MS, logger });
  const porAbrir = new PostgresFilaDeCobrancas(dataSource, 'checkouts_pendentes');
  const retomar = new RetomarCheckouts({ fila: porAbrir, abrirCheckout, clock });
  const checkouts = worker('checkouts', LANES, retomar);
  const encerramentos = worker('encerramentos', LANES, concluir);
  const executar = new ExecutarEstornos({
    ...comum,
    fila: new PostgresFilaDeEstornos(dataSource),
    observador: observadorDeEstornos(logger),
  });
  const estornos = worker('estornos', LANES, executar);
  const acordar: { readonly [T in PagamentoEvent['tipo']]?: Worker } = {
    EncerramentoSolicitado: encerramentos,
    CreditosPedidos: encerramentos,
    CheckoutFechado: checkouts,
    EstornoSolicitado: estornos,
  };

  const caixa = new PostgresCaixaDeWebhooks(dataSource);
  const deWebhooks = {
    ...{ uow, clock, caixa },
    interprete: new InterpreteStripe(gateway, consulta, config.stripeSecretKey),
    observador: observadorDeWebhooks({ ...deps, contar: () => caixa.contar() }),
  };
  const processar = new ProcessarWebhook(deWebhooks);
  const webhooks = worker('webhooks', WEBHOOK_LANES, processar);
  const trabalho = deps.trabalhoDeWebhooks ?? webhooks;
  const receber = new ReceberWebhookHandler({ ...deWebhooks, processar, trabalho });
  const verificador = new VerificadorStripe(config.stripeWebhookSecrets);

  const painel = new PostgresPainelDeReconciliacao(dataSource);
  const reconciliar = new Reconciliar({ ...comum, painel });
  const { rodadaFalhou } = observadorDaConciliacao({ ...deps, contas: () => painel.contas(clock.now()) });
  const reconciliacao = new Worker({
    name: 'reconciliacao',
    lanes: 1,
    intervalMs: RECONCILE_MS,
    logger,
    async work() {
      // None waits for the others to be well.
      await creditos.expirar(clock.now()).catch(rodadaFalhou);
      const { divergencias, erros } = await reconciliar.execute(RECONCILE_BATCH);
      for (const divergencia of divergencias) observador.divergiu(divergencia);
      for (const erro of erros) rodadaFalhou(erro);
      await apagarWebhooksAntigos(dataSource, clock.now()).catch(rodadaFalhou);
      return false;
    },
  });

  const extratos = new PostgresConsultaDeExtratos(dataSource);
  const transacoes = new TransacoesQueries(new PostgresConsultaDeTransacoes(dataSource));
  const pagamentos = new PagamentosQueries(consulta);
  return {
    services: [
      pagamentosService({
        ...pagamentosRpcs(pagamentos),
        ...cobrancasRpcs({ criarCobranca, usarCreditos }),
        ...estornosRpcs({ solicitarEstorno, pagamentos }),
        ...creditosRpcs({ creditos: new CreditosQueries(creditos), clock }),
        ...extratoRpcs({
          transacoes,
          obterExtrato: new ObterExtratoHandler({ extratos, clock }),
          obterTotais: new ObterTotaisHandler({ extratos, clock }),
        }),
      }),
    ],
    consumers: [
      // Without an inbox: every command is idempotent by reservation or payment, and their order does not matter.
      {
        stream: 'RESERVAS',
        durable: 'pagamentos-cobranca',
        filter: 'reservas.v1.>',
        on: [
          ...reservasConsumer({ criarCobranca, usarCreditos, encerrarCobranca }),
          cancelamentoConsumer(atenderCancelamento),
          naoAproveitadoConsumer(solicitarEstorno),
          ...desfechosConsumer(painel),
        ],
      },
    ],
    routes: [
      stripeWebhookRoute({ ...deWebhooks, receber, verificador }),
      transacoesCsvRoute({ transacoes, verifier }),
    ],
    // Closed in the opposite order: the gateway last.
    background: [gatewayLifetime(gateway), webhooks, checkouts, encerramentos, estornos, reconciliacao],
  };
}

function gatewayLifetime(gateway: { close(): void }) {
  return { name: 'stripe', start: async () => {}, stop: async () => gateway.close() };
}

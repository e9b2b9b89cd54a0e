import type { Clock } from '@plataforma/domain/clock';
import type { commonFields, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { consumers } from './cancelamentos/infrastructure/cancelamento-consumer.ts';
import { PostgresRecusasDeDevolucao } from './cancelamentos/infrastructure/recusas-de-devolucao.ts';
import { AbrirCheckout } from './cobrancas/application/abrir-checkout.ts';
import { ConcluirEncerramentos } from './cobrancas/application/concluir-encerramentos.ts';
import { CriarCobranca } from './cobrancas/application/criar-cobranca.ts';
import { EncerrarCobranca } from './cobrancas/application/encerrar-cobranca.ts';
import { RetomarCheckouts } from './cobrancas/application/retomar-checkouts.ts';
import { UsarCreditos } from './cobrancas/application/usar-creditos.ts';
import { Reconciliar } from './conciliacao/application/reconciliar.ts';
import { PostgresPainelDeReconciliacao } from './conciliacao/infrastructure/painel-de-reconciliacao.ts';
import type { PagamentosConfig } from './config.ts';
import { ObterCreditos } from './creditos/application/obter-creditos.ts';
import { PostgresLivroDeCreditos } from './creditos/infrastructure/livro-de-creditos.ts';
import { ExecutarEstornos } from './estornos/application/executar-estornos.ts';
import { SolicitarEstorno } from './estornos/application/solicitar-estorno.ts';
import { PostgresFilaDeCobrancas, PostgresFilaDeEstornos } from './estornos/infrastructure/filas.ts';
import { createObservacao } from './events.ts';
import { ExportarTransacoes } from './extrato/application/exportar-transacoes.ts';
import { ListarTransacoes } from './extrato/application/listar-transacoes.ts';
import { ObterExtrato } from './extrato/application/obter-extrato.ts';
import { ObterTotais } from './extrato/application/obter-totais.ts';
import { PostgresExtratos } from './extrato/infrastructure/extratos.ts';
import { transacoesCsvRoute } from './extrato/presentation/transacoes-csv.ts';
import { ListarEventos } from './pagamento/application/listar-eventos.ts';
import type { Observacao } from './pagamento/application/observacao.ts';
import { ObterPagamento } from './pagamento/application/obter-pagamento.ts';
import type { PagamentoEvent } from './pagamento/domain/eventos.ts';
import { PostgresPagamentosReadModel } from './pagamento/infrastructure/pagamentos-read-model.ts';
import { pagamentosService } from './pagamento/presentation/pagamentos-service.ts';
import { PostgresUnitOfWork } from './persistence/unit-of-work.ts';
import { createStripe } from './stripe/infrastructure/client.ts';
import { StripeGateway } from './stripe/infrastructure/stripe-gateway.ts';
import { InterpreteStripe } from './stripe/infrastructure/webhook-facts.ts';
import { VerificadorStripe } from './stripe/infrastructure/webhook-signature.ts';
import { ProcessarWebhook } from './webhooks/application/processar-webhook.ts';
import { ReceberWebhook, type TrabalhoDeWebhooks } from './webhooks/application/receber-webhook.ts';
import { PostgresCaixaDeWebhooks } from './webhooks/infrastructure/caixa-de-webhooks.ts';
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
  const caixa = new PostgresCaixaDeWebhooks(dataSource);
  const creditos = new PostgresLivroDeCreditos(dataSource);
  const painel = new PostgresPainelDeReconciliacao(dataSource);
  const observacao = createObservacao({
    ...deps,
    contarWebhooks: () => caixa.contar(),
    contas: () => painel.contas(clock.now()),
  });
  const gateway = createGateway(config, clock, observacao);
  const leitura = new PostgresPagamentosReadModel(dataSource);
  const uow = new PostgresUnitOfWork(dataSource, (pagamentoId, eventos) => {
    observacao.gravados(pagamentoId, eventos);
    for (const { tipo } of eventos) acordar[tipo]?.wake();
  });

  const abrirCheckout = new AbrirCheckout({ uow, gateway, clock, observacao });
  const criarCobranca = new CriarCobranca({ uow, leitura, ids, clock, abrirCheckout });
  const encerrarCobranca = new EncerrarCobranca({ uow, leitura, ids, clock });
  const solicitarEstorno = new SolicitarEstorno({ uow, leitura, clock });

  const comum = { uow, gateway, clock, observacao };
  const interprete = new InterpreteStripe(gateway, leitura, config.stripeSecretKey);
  const processar = new ProcessarWebhook({ ...comum, caixa, interprete });
  const porAbrir = new PostgresFilaDeCobrancas(dataSource, 'checkouts_pendentes');
  const retomar = new RetomarCheckouts({ fila: porAbrir, abrirCheckout, clock });
  const porEncerrar = new PostgresFilaDeCobrancas(dataSource, 'encerramentos_pendentes');
  const concluir = new ConcluirEncerramentos({ ...comum, fila: porEncerrar });
  const usarCreditos = new UsarCreditos({ uow, leitura, clock, criarCobranca, abrirCheckout, concluir });
  const executar = new ExecutarEstornos({ ...comum, fila: new PostgresFilaDeEstornos(dataSource) });

  const reconciliar = new Reconciliar({ uow, gateway, painel, clock });

  const worker = (name: string, lanes: number, fila: { executarProximo(): Promise<boolean> }) =>
    new Worker({ name, lanes, work: () => fila.executarProximo(), intervalMs: POLL_MS, logger });
  const webhooks = worker('webhooks', WEBHOOK_LANES, processar);
  const checkouts = worker('checkouts', LANES, retomar);
  const encerramentos = worker('encerramentos', LANES, concluir);
  const estornos = worker('estornos', LANES, executar);
  const reconciliacao = new Worker({
    name: 'reconciliacao',
    lanes: 1,
    intervalMs: RECONCILE_MS,
    logger,
    async work() {
      const { rodadaFalhou } = observacao;
      // None waits for the others to be well.
      await creditos.expirar(clock.now()).catch(rodadaFalhou);
      const { divergencias, erros } = await reconciliar.execute(RECONCILE_BATCH);
      observacao.reconciliado(divergencias);
      for (const erro of erros) rodadaFalhou(erro);
      await apagarWebhooksAntigos(dataSource, clock.now()).catch(rodadaFalhou);
      return false;
    },
  });
  const acordar: { readonly [T in PagamentoEvent['tipo']]?: Worker } = {
    EncerramentoSolicitado: encerramentos,
    CreditosPedidos: encerramentos,
    CheckoutFechado: checkouts,
    EstornoSolicitado: estornos,
  };

  const extratos = new PostgresExtratos(dataSource);
  const verificador = new VerificadorStripe(config.stripeWebhookSecrets);
  const trabalho = deps.trabalhoDeWebhooks ?? webhooks;
  const receber = new ReceberWebhook({ caixa, interprete, processar, trabalho, clock, observacao });
  return {
    services: [
      pagamentosService({
        criarCobranca,
        usarCreditos,
        solicitarEstorno,
        obterPagamento: new ObterPagamento({ leitura }),
        listarTransacoes: new ListarTransacoes({ leitura }),
        listarEventos: new ListarEventos({ leitura }),
        obterExtrato: new ObterExtrato({ extratos, clock }),
        obterTotais: new ObterTotais({ extratos, clock }),
        obterCreditos: new ObterCreditos({ livro: creditos }),
        clock,
      }),
    ],
    consumers: consumers({
      criarCobranca,
      usarCreditos,
      encerrarCobranca,
      solicitarEstorno,
      creditos,
      desfechos: painel,
      recusas: new PostgresRecusasDeDevolucao(dataSource),
    }),
    routes: [
      stripeWebhookRoute({ receber, clock, observacao, verificador }),
      transacoesCsvRoute({ exportar: new ExportarTransacoes({ leitura }), verifier }),
    ],
    // Closed in the opposite order: the gateway last.
    background: [gatewayLifetime(gateway), webhooks, checkouts, encerramentos, estornos, reconciliacao],
  };
}

function createGateway(config: Config, clock: Clock, observacao: Observacao): StripeGateway {
  const { stripeSecretKey, stripeApiUrl, checkoutSuccessUrl, checkoutCancelUrl } = config;
  return new StripeGateway({
    stripe: createStripe({ secretKey: stripeSecretKey, apiUrl: stripeApiUrl }),
    clock,
    successUrl: checkoutSuccessUrl,
    cancelUrl: checkoutCancelUrl,
    onBreakerChange: (estado) => observacao.disjuntorMudou(estado),
  });
}

function gatewayLifetime(gateway: StripeGateway) {
  return { name: 'stripe', start: async () => {}, stop: async () => gateway.close() };
}

import type { commonFields, ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { AbrirCheckout } from './application/commands/abrir-checkout.ts';
import { CriarCobranca } from './application/commands/criar-cobranca.ts';
import { ProcessarWebhook } from './application/commands/processar-webhook.ts';
import { RetomarCheckouts } from './application/commands/retomar-checkouts.ts';
import { ListarEventos } from './application/queries/listar-eventos.ts';
import { ListarTransacoes } from './application/queries/listar-transacoes.ts';
import { ObterPagamento } from './application/queries/obter-pagamento.ts';
import type { PagamentosConfig } from './config.ts';
import { createObservacao } from './events.ts';
import { consumers } from './infrastructure/messaging/consumers.ts';
import { PostgresFilaDeCheckouts } from './infrastructure/persistence/checkouts-repository.ts';
import { PostgresPagamentosReadModel } from './infrastructure/persistence/pagamentos-read-model.ts';
import { PostgresUnitOfWork } from './infrastructure/persistence/unit-of-work.ts';
import { PostgresCaixaDeWebhooks } from './infrastructure/persistence/webhooks-repository.ts';
import { createStripe } from './infrastructure/stripe/client.ts';
import { StripeGateway } from './infrastructure/stripe/stripe-gateway.ts';
import { InterpreteStripe } from './infrastructure/stripe/webhook-facts.ts';
import { VerificadorStripe } from './infrastructure/stripe/webhook-signature.ts';
import { Worker } from './infrastructure/worker.ts';
import { pagamentosService } from './presentation/grpc/pagamentos-service.ts';
import { stripeWebhookRoute } from './presentation/http/stripe-webhook.ts';

type Config = Omit<PagamentosConfig, keyof typeof commonFields>;

interface Deps
  extends Pick<ServiceDeps<PagamentosConfig>, 'logger' | 'clock' | 'dataSource' | 'ids' | 'metrics'> {
  /** What is its own; the rest of the configuration has been used to make the other parts. */
  readonly config: Config;
}

const POLL_MS = 1_000;
const WEBHOOK_LANES = 4;
const CHECKOUT_LANES = 2;

/** Composition root: the only place that knows every part. */
export function createPagamentos(deps: Deps): ServiceParts {
  const { config, logger, clock, dataSource, ids } = deps;
  const caixa = new PostgresCaixaDeWebhooks(dataSource);
  const observacao = createObservacao({ ...deps, contarWebhooks: () => caixa.contar() });
  const gateway = createGateway(deps);
  const leitura = new PostgresPagamentosReadModel(dataSource);
  const uow = new PostgresUnitOfWork(dataSource);

  const abrirCheckout = new AbrirCheckout({ uow, gateway, clock, observacao });
  const criarCobranca = new CriarCobranca({ uow, leitura, ids, clock, abrirCheckout });
  const interprete = new InterpreteStripe(gateway);
  const processar = new ProcessarWebhook({ uow, caixa, interprete, clock, observacao });
  const fila = new PostgresFilaDeCheckouts(dataSource);
  const retomar = new RetomarCheckouts({ fila, abrirCheckout, clock });

  const webhooks = new Worker({
    name: 'webhooks',
    work: () => processar.executarProximo(),
    intervalMs: POLL_MS,
    lanes: WEBHOOK_LANES,
    logger,
  });
  const checkouts = new Worker({
    name: 'checkouts',
    work: () => retomar.executarProximo(),
    intervalMs: POLL_MS,
    lanes: CHECKOUT_LANES,
    logger,
  });
  const verificador = new VerificadorStripe(config.stripeWebhookSecrets);
  return {
    services: [
      pagamentosService({
        criarCobranca,
        obterPagamento: new ObterPagamento({ leitura }),
        listarTransacoes: new ListarTransacoes({ leitura }),
        listarEventos: new ListarEventos({ leitura }),
      }),
    ],
    consumers: consumers({ criarCobranca }),
    routes: [stripeWebhookRoute({ caixa, clock, logger, verificador, onStored: () => webhooks.wake() })],
    // Closed in the opposite order: the gateway last.
    background: [gatewayLifetime(gateway), webhooks, checkouts],
  };
}

function createGateway({ config, logger }: Deps): StripeGateway {
  const { stripeSecretKey, stripeApiUrl, checkoutSuccessUrl, checkoutCancelUrl } = config;
  return new StripeGateway({
    stripe: createStripe({ secretKey: stripeSecretKey, apiUrl: stripeApiUrl }),
    successUrl: checkoutSuccessUrl,
    cancelUrl: checkoutCancelUrl,
    onBreakerChange: (state) => logger.warn({ disjuntor: 'stripe', state }, 'circuit breaker changed'),
  });
}

function gatewayLifetime(gateway: StripeGateway) {
  return { name: 'stripe', start: async () => {}, stop: async () => gateway.close() };
}

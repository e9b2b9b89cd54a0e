import type { Clock } from '@plataforma/domain/clock';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { type Breaker, type BreakerState, createBreaker } from '@plataforma/runtime/breaker';
import { delay } from '@plataforma/runtime/wait';
import type { Stripe } from 'stripe';
import type {
  GatewayDeCheckouts,
  PedidoDeCheckout,
  SessaoAberta,
  SituacaoDaSessao,
} from '../../cobrancas/application/ports.ts';
import type { GatewayDeEstornos, PedidoDeDevolucao } from '../../estornos/application/ports.ts';
import type { NoticiaDeDisputa } from '../../estornos/domain/disputa.ts';
import type { NoticiaDeEstorno } from '../../estornos/domain/estorno.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import { createStripe } from './client.ts';
import { noticiaDeDisputa } from './disputes.ts';
import type { StripeConfig } from './stripe-config.ts';
import { isAnswer, isWorthRepeating, requestedPauseMs, toGatewayError } from './stripe-errors.ts';

interface Options {
  readonly stripe: Stripe;
  readonly clock: Clock;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly onBreakerChange?: (state: BreakerState) => void;
  /** How long the breaker stays open. Default 30 s. */
  readonly breakerResetMs?: number;
}

type GatewayConfig = Omit<StripeConfig, 'stripeWebhookSecrets'>;

/** Stripe's longest page; a capture with more refunds than that does not happen. */
const REFUNDS_PAGE = 100;
/** While a caller waits for the answer. Background work repeats after 1 s, 2 s, 4 s and so on, by its queue. */
const WAITS_MS = [250, 750];
/** No caller is kept waiting longer than this because Stripe asks for a pause. */
const PATIENCE_MS = 1_000;

/** The gateway of a service or command that was configured so. */
export function createStripeGateway(
  config: GatewayConfig,
  clock: Clock,
  onBreakerChange?: Options['onBreakerChange'],
): StripeGateway {
  const { stripeSecretKey: secretKey, stripeApiUrl: apiUrl } = config;
  return new StripeGateway({
    stripe: createStripe({ secretKey, apiUrl }),
    clock,
    successUrl: config.checkoutSuccessUrl,
    cancelUrl: config.checkoutCancelUrl,
    ...(onBreakerChange && { onBreakerChange }),
  });
}

/** Stripe Checkout Sessions, hosted by Stripe: no card data ever comes near us. */
export class StripeGateway implements GatewayDeCheckouts, GatewayDeEstornos {
  readonly #options: Options;
  readonly #breaker: Breaker<[() => Promise<unknown>], unknown>;
  /** When Stripe asked to be left alone, and until when, in milliseconds. The limit is one for the whole account. */
  #pause = { from: 0, until: 0 };

  constructor(options: Options) {
    this.#options = options;
    this.#breaker = createBreaker('stripe', (call: () => Promise<unknown>) => call(), {
      isAnswer,
      ...(options.breakerResetMs !== undefined && { resetMs: options.breakerResetMs }),
      ...(options.onBreakerChange && { onStateChange: options.onBreakerChange }),
    });
  }

  async abrirCheckout(pedido: PedidoDeCheckout): Promise<SessaoAberta> {
    const { stripe } = this.#options;
    const idempotencyKey = `cobranca:${pedido.pagamentoId}:${pedido.tentativa}`;
    const sessao = await this.#patiently(() =>
      stripe.checkout.sessions.create(this.#parametros(pedido), { idempotencyKey }),
    );
    if (sessao.url === null) throw new Error(`session ${sessao.id} has no address`);
    return { sessaoId: sessao.id, url: sessao.url, expiraEm: new Date(sessao.expires_at * 1000) };
  }

  async consultarSessao(sessaoId: string): Promise<SituacaoDaSessao> {
    const { sessions } = this.#options.stripe.checkout;
    return leitura(await this.#call(() => sessions.retrieve(sessaoId, { expand: ['payment_intent'] })));
  }

  async encerrarSessao(sessaoId: string, vez: number): Promise<SituacaoDaSessao> {
    const { sessions } = this.#options.stripe.checkout;
    const idempotencyKey = `encerramento:${sessaoId}:${vez}`;
    try {
      return leitura(await this.#call(() => sessions.expire(sessaoId, {}, { idempotencyKey })));
    } catch (error) {
      // Only open sessions can be expired: this one is over already, or just being paid.
      if (!(error instanceof GatewayError) || error.codigo === undefined) throw error;
      return this.consultarSessao(sessaoId);
    }
  }

  async devolver(pedido: PedidoDeDevolucao): Promise<NoticiaDeEstorno> {
    const { pagamentoId, reservaId, intencaoId, numero, tentativa, valor } = pedido;
    const params: Stripe.RefundCreateParams = {
      payment_intent: intencaoId,
      amount: Number(valor.centavos),
      reason: 'requested_by_customer',
      metadata: { pagamentoId, reservaId, numero: String(numero) },
    };
    const idempotencyKey = ['estorno', pagamentoId, numero, ...(tentativa > 1 ? [tentativa] : [])].join(':');
    return noticia(await this.#call(() => this.#options.stripe.refunds.create(params, { idempotencyKey })));
  }

  async consultarDisputa(disputaId: string): Promise<NoticiaDeDisputa> {
    return noticiaDeDisputa(await this.#call(() => this.#options.stripe.disputes.retrieve(disputaId)));
  }

  async consultarEstorno(refundId: string): Promise<NoticiaDeEstorno> {
    return noticia(await this.#call(() => this.#options.stripe.refunds.retrieve(refundId)));
  }

  /** Which payment a capture was asked for by; undefined when another program made it. */
  async pagamentoDaIntencao(intencaoId: string): Promise<string | undefined> {
    const { metadata } = await this.#call(() => this.#options.stripe.paymentIntents.retrieve(intencaoId));
    return metadata.pagamentoId;
  }

  async listarEstornos(intencaoId: string): Promise<readonly NoticiaDeEstorno[]> {
    const params = { payment_intent: intencaoId, limit: REFUNDS_PAGE };
    const { data } = await this.#call(() => this.#options.stripe.refunds.list(params));
    return data.map(noticia);
  }

  /** Stops the timers of the breaker. */
  close(): void {
    this.#breaker.close();
  }

  /** Only what is on record of the attempt, for Stripe wants the very same parameters under the same key. */
  #parametros(pedido: PedidoDeCheckout): Stripe.Checkout.SessionCreateParams {
    const { pagamentoId, reservaId, clienteId, tentativa, valor, descricao, expiraEm } = pedido;
    const metadata = { pagamentoId, reservaId, clienteId, tentativa: String(tentativa) };
    const preco = {
      currency: valor.moeda.toLowerCase(),
      unit_amount: Number(valor.centavos),
      product_data: { name: descricao },
    };
    return {
      mode: 'payment',
      // Answers within minutes; other methods take days, far longer than a slot is held.
      allowed_payment_method_types: ['card'],
      locale: 'pt-BR',
      client_reference_id: reservaId,
      line_items: [{ quantity: 1, price_data: preco }],
      metadata,
      payment_intent_data: { metadata, description: descricao },
      expires_at: expiraEm.getTime() / 1000,
      success_url: enderecoDe(this.#options.successUrl, pedido),
      cancel_url: enderecoDe(this.#options.cancelUrl, pedido),
    };
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    const pause = this.#pauseMs();
    if (pause > 0) throw new ProviderAwayError(`Stripe wants no calls for another ${pause} ms`);
    try {
      return (await this.#breaker.fire(call)) as T;
    } catch (error) {
      this.#keepPause(requestedPauseMs(error));
      throw toGatewayError(error);
    }
  }

  #keepPause(ms: number): void {
    const from = this.#options.clock.now().getTime();
    if (ms > this.#pauseMs()) this.#pause = { from, until: from + ms };
  }

  /** What is left of the pause. A clock that was set back ends it: there is no telling for how long it would last. */
  #pauseMs(): number {
    const now = this.#options.clock.now().getTime();
    return now < this.#pause.from ? 0 : Math.max(this.#pause.until - now, 0);
  }

  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    for (const espera of WAITS_MS) {
      try {
        return await this.#call(call);
      } catch (error) {
        if (!(error instanceof Error) || !isWorthRepeating(error.cause)) throw error;
        const pause = this.#pauseMs();
        if (pause > PATIENCE_MS) throw error;
        // A timer may come a moment early.
        await delay(Math.max(espera * (0.5 + Math.random()), pause + 1));
      }
    }
    return this.#call(call);
  }
}

/** Where the customer goes afterwards, about which reservation. */
function enderecoDe(modelo: string, { reservaId }: PedidoDeCheckout): string {
  return modelo.replaceAll('{RESERVA_ID}', encodeURIComponent(reservaId));
}

function leitura(sessao: Stripe.Checkout.Session): SituacaoDaSessao {
  const { id, amount_total: centavos, currency, payment_intent: intencao } = sessao;
  if (centavos === null || currency === null) throw new Error(`session ${id} has no amount`);
  return {
    situacao: situacao(sessao),
    valor: Dinheiro.deCentavos(centavos, currency.toUpperCase()),
    intencaoId: typeof intencao === 'string' ? intencao : intencao?.id,
  };
}

/** A refund in the words of the domain. `requires_action` waits for the customer, so it is pending. */
function noticia({
  id,
  status,
  amount,
  currency,
  metadata,
  failure_reason,
}: Stripe.Refund): NoticiaDeEstorno {
  const falhou = status === 'failed' || status === 'canceled';
  const numero = metadata?.pagamentoId ? Number(metadata.numero) : undefined;
  return {
    refundId: id,
    numero,
    valor: Dinheiro.deCentavos(amount, currency.toUpperCase()),
    situacao: falhou ? 'FALHOU' : status === 'succeeded' ? 'CONCLUIDO' : 'PENDENTE',
    motivo: falhou ? (failure_reason ?? status) : '',
  };
}

/** One that was completed unpaid waits for its money while that is on its way; after that it cannot be paid any more. */
function situacao({
  status,
  payment_status,
  payment_intent: intencao,
}: Stripe.Checkout.Session): SituacaoDaSessao['situacao'] {
  if (payment_status === 'paid') return 'PAGA';
  const fim = typeof intencao === 'object' ? (intencao?.status ?? '') : '';
  const semDinheiro = status === 'complete' && ['requires_payment_method', 'canceled'].includes(fim);
  return status === 'expired' || semDinheiro ? 'EXPIRADA' : 'ABERTA';
}

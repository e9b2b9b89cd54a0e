import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Stripe } from 'stripe';
import type { ConsultaDePagamentos } from '../../pagamento/application/ports.ts';
import type { InterpreteDeWebhooks, WebhookRecebido } from '../../webhooks/application/ports.ts';
import { type Fato, ModoDivergenteError, VersaoDesconhecidaError } from '../../webhooks/domain/fato.ts';
import { API_VERSION } from './client.ts';
import { noticiaDeDisputa } from './disputes.ts';
import type { StripeGateway } from './stripe-gateway.ts';

type Gateway = Pick<
  StripeGateway,
  'consultarSessao' | 'consultarEstorno' | 'listarEstornos' | 'pagamentoDaIntencao'
>;

type Leitura = Pick<ConsultaDePagamentos, 'idPorIntencao' | 'findById'>;

const IRRELEVANTE: Fato = { tipo: 'IRRELEVANTE' };

/** What the endpoint at Stripe has to ask for. */
export const TIPOS: ReadonlySet<string> = new Set<Stripe.Event.Type>([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
]);

/**
 * Turns Stripe's events into facts. Events come in any order, so of a session the present state is asked for; that it
 * was paid, that an intent has succeeded or a card was declined stays true, so there the signed event is enough. Refunds and disputes
 * belong to a payment by its intent, be they made here or by hand at Stripe.
 */
export class InterpreteStripe implements InterpreteDeWebhooks {
  readonly #gateway: Gateway;
  readonly #consulta: Leitura;
  readonly #livemode: boolean | undefined;

  /** @param secretKey ours: it tells whether the money is real */
  constructor(gateway: Gateway, consulta: Leitura, secretKey: string) {
    this.#gateway = gateway;
    this.#consulta = consulta;
    this.#livemode = livemodeDe(secretKey);
  }

  interessa(tipo: string): boolean {
    return TIPOS.has(tipo);
  }

  fatoAssinado(webhook: WebhookRecebido): Fato | undefined {
    return assinado(lido(webhook, this.#livemode));
  }

  async interpretar(webhook: WebhookRecebido): Promise<Fato> {
    const event = lido(webhook, this.#livemode);
    const fato = assinado(event);
    if (fato) return fato;
    switch (event.type) {
      case 'checkout.session.completed':
      case 'checkout.session.async_payment_succeeded':
      case 'checkout.session.async_payment_failed':
      case 'checkout.session.expired':
        return this.#sessao(event.data.object);
      case 'refund.created':
      case 'refund.updated':
      case 'refund.failed':
        return this.#estorno(event.data.object);
      case 'charge.refunded':
        return this.#estornos(event.data.object);
      case 'charge.dispute.created':
      case 'charge.dispute.updated':
      case 'charge.dispute.closed':
        return this.#disputa(event.data.object);
      default:
        return IRRELEVANTE;
    }
  }

  async #sessao({ id, metadata }: Stripe.Checkout.Session): Promise<Fato> {
    const pagamentoId = metadata?.pagamentoId ?? '';
    const { situacao, intencaoId, valor } = await this.#gateway.consultarSessao(id);
    if (situacao === 'EXPIRADA') return { tipo: 'EXPIRADO', pagamentoId, sessaoId: id };
    if (situacao === 'ABERTA') return IRRELEVANTE;
    if (intencaoId === undefined) throw new Error(`session ${id} is paid without a payment intent`);
    return { tipo: 'PAGO', pagamentoId, intencaoId, valor, de: donoDe(metadata) };
  }

  async #estorno({ id, payment_intent }: Stripe.Refund): Promise<Fato> {
    const pagamentoId = await this.#pagamentoDe(payment_intent);
    if (pagamentoId === undefined) return IRRELEVANTE;
    return { tipo: 'ESTORNOS', pagamentoId, noticias: [await this.#gateway.consultarEstorno(id)] };
  }

  async #estornos({ payment_intent }: Stripe.Charge): Promise<Fato> {
    const pagamentoId = await this.#pagamentoDe(payment_intent);
    if (pagamentoId === undefined) return IRRELEVANTE;
    const noticias = await this.#gateway.listarEstornos(idDe(payment_intent) ?? '');
    return { tipo: 'ESTORNOS', pagamentoId, noticias };
  }

  async #disputa(disputa: Stripe.Dispute): Promise<Fato> {
    const pagamentoId = await this.#pagamentoDe(disputa.payment_intent);
    if (pagamentoId === undefined) return IRRELEVANTE;
    return { tipo: 'DISPUTA', pagamentoId, noticia: noticiaDeDisputa(disputa) };
  }

  async #pagamentoDe(intencao: string | { id: string } | null): Promise<string | undefined> {
    const id = idDe(intencao);
    if (id === undefined) return undefined;
    const conhecido = await this.#consulta.idPorIntencao(id);
    if (conhecido !== undefined) return conhecido;
    const pagamentoId = await this.#gateway.pagamentoDaIntencao(id);
    if (pagamentoId === undefined) return undefined;
    const aprovado = (await this.#consulta.findById(pagamentoId))?.aprovadoEm !== undefined;
    // Ours, and its approval has not come yet: this news was quicker.
    if (!aprovado) throw new Error(`capture ${id} is not on record yet`);
    // Another intent paid it, unless this one did a moment ago: a second capture is given back by hand.
    return this.#consulta.idPorIntencao(id);
  }
}

/**
 * Versions are `date.release`: within one release Stripe changes nothing that breaks a reader
 * (https://docs.stripe.com/api/versioning). The version of an event is set at the webhook endpoint, not by the SDK.
 */
function lido({ payload }: WebhookRecebido, livemode: boolean | undefined): Stripe.Event {
  const event = JSON.parse(payload) as Stripe.Event;
  const versao = String(event.api_version);
  if (versao.split('.')[1] !== API_VERSION.split('.')[1]) throw new VersaoDesconhecidaError(versao);
  if (livemode !== undefined && event.livemode === !livemode) throw new ModoDivergenteError(event.livemode);
  return event;
}

/** Whether a key moves real money; undefined when it does not say. */
function livemodeDe(secretKey: string): boolean | undefined {
  const modo = /^[sr]k_(live|test)_/.exec(secretKey)?.[1];
  return modo === undefined ? undefined : modo === 'live';
}

/** What stays true whatever has happened since; undefined where the present state has to be asked for. */
function assinado(event: Stripe.Event): Fato | undefined {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired': {
      const { metadata } = event.data.object;
      if (!metadata?.pagamentoId) return IRRELEVANTE;
      const { pagamentoId } = metadata;
      const paga = sessaoPaga(event.data.object);
      return paga && { tipo: 'PAGO', pagamentoId, ...paga, de: donoDe(metadata) };
    }
    case 'payment_intent.succeeded':
      return pago(event.data.object);
    case 'payment_intent.payment_failed':
      return recusado(event.data.object, event.id);
    default:
      return undefined;
  }
}

const idDe = (referencia: string | { id: string } | null): string | undefined =>
  typeof referencia === 'string' ? referencia : referencia?.id;

/** For whom the money is. All our sessions and their intents say so. */
const donoDe = (metadata: Stripe.Metadata | null) => ({
  reservaId: metadata?.reservaId ?? '',
  clienteId: metadata?.clienteId ?? '',
});

/** Undefined while the session is not paid, as far as the event knows. */
function sessaoPaga({ payment_status, payment_intent, amount_total, currency }: Stripe.Checkout.Session) {
  const intencaoId = idDe(payment_intent);
  if (payment_status !== 'paid' || !intencaoId || amount_total === null || currency === null)
    return undefined;
  return { intencaoId, valor: Dinheiro.deCentavos(amount_total, currency.toUpperCase()) };
}

function pago({ id, metadata, amount_received, currency }: Stripe.PaymentIntent): Fato {
  // Payments that others make in the same Stripe account are none of our business.
  if (!metadata.pagamentoId) return IRRELEVANTE;
  const valor = Dinheiro.deCentavos(amount_received, currency.toUpperCase());
  return { tipo: 'PAGO', pagamentoId: metadata.pagamentoId, intencaoId: id, valor, de: donoDe(metadata) };
}

function recusado({ metadata, last_payment_error: erro }: Stripe.PaymentIntent, eventId: string): Fato {
  if (!metadata.pagamentoId) return IRRELEVANTE;
  // Only a card can be tried again at the same checkout; of another method its session tells the end.
  if (erro?.payment_method && erro.payment_method.type !== 'card') return IRRELEVANTE;
  const codigo = erro?.decline_code ?? erro?.code ?? 'desconhecido';
  return { tipo: 'RECUSADO', pagamentoId: metadata.pagamentoId, recusaId: erro?.charge ?? eventId, codigo };
}

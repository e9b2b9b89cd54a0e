import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Stripe } from 'stripe';
import type {
  Fato,
  GatewayPagamento,
  InterpreteDeWebhooks,
  WebhookRecebido,
} from '../../application/ports.ts';

const IRRELEVANTE: Fato = { tipo: 'IRRELEVANTE' };

/**
 * Turns Stripe's events into facts. Events come in any order, so of a session the present state is asked for; that an
 * intent has succeeded or a card was declined stays true, so there the signed event is enough.
 */
export class InterpreteStripe implements InterpreteDeWebhooks {
  readonly #gateway: GatewayPagamento;

  constructor(gateway: GatewayPagamento) {
    this.#gateway = gateway;
  }

  async interpretar(webhook: WebhookRecebido): Promise<Fato> {
    const event = JSON.parse(webhook.payload) as Stripe.Event;
    switch (event.type) {
      case 'checkout.session.completed':
      case 'checkout.session.expired':
        return this.#sessao(event.data.object);
      case 'payment_intent.succeeded':
        return pago(event.data.object);
      case 'payment_intent.payment_failed':
        return recusado(event.data.object, event.id);
      default:
        return IRRELEVANTE;
    }
  }

  async #sessao({ id, metadata }: Stripe.Checkout.Session): Promise<Fato> {
    const pagamentoId = metadata?.pagamentoId;
    if (!pagamentoId) return IRRELEVANTE;
    const { situacao, intencaoId, valor } = await this.#gateway.consultarSessao(id);
    if (situacao === 'EXPIRADA') return { tipo: 'EXPIRADO', pagamentoId, sessaoId: id };
    if (situacao === 'ABERTA') return IRRELEVANTE;
    if (intencaoId === undefined) throw new Error(`session ${id} is paid without a payment intent`);
    return { tipo: 'PAGO', pagamentoId, intencaoId, valor };
  }
}

function pago({ id, metadata, amount_received, currency }: Stripe.PaymentIntent): Fato {
  // Payments that others make in the same Stripe account are none of our business.
  if (!metadata.pagamentoId) return IRRELEVANTE;
  const valor = Dinheiro.deCentavos(amount_received, currency.toUpperCase());
  return { tipo: 'PAGO', pagamentoId: metadata.pagamentoId, intencaoId: id, valor };
}

function recusado({ metadata, last_payment_error: erro }: Stripe.PaymentIntent, eventId: string): Fato {
  if (!metadata.pagamentoId) return IRRELEVANTE;
  const codigo = erro?.decline_code ?? erro?.code ?? 'desconhecido';
  return { tipo: 'RECUSADO', pagamentoId: metadata.pagamentoId, recusaId: erro?.charge ?? eventId, codigo };
}

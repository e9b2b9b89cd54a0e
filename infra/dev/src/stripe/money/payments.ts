import type { Stripe } from 'stripe';
import {
  type Charge,
  DECLINE_MESSAGE,
  type Intent,
  type IntentSpec,
  newBalanceTransaction,
  newCharge,
  newIntent,
} from '../objects/payment-objects.ts';
import { refusedByState, resourceMissing } from '../request/api-error.ts';
import type { Params } from '../request/params.ts';
import type { EventLog, Origin } from '../store/event-log.ts';
import type { Store } from '../store/store.ts';

const CANCEL_REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

export interface StripeDeps {
  store: Store;
  events: EventLog;
  /** Epoch in seconds. */
  now: () => number;
}

/** Payment intents and the charges made on them. */
export class Payments {
  readonly #deps: StripeDeps;

  constructor(deps: StripeDeps) {
    this.#deps = deps;
  }

  /** `POST /v1/payment_intents`: an intent outside Checkout, which cannot be paid here, only cancelled. */
  createFrom(params: Params, origin: Origin): Intent {
    params.allowOnly([
      'amount',
      'currency',
      'description',
      'expand',
      'metadata',
      'receipt_email',
      'payment_method_types',
    ]);
    const spec = {
      amount: params.requiredInteger('amount', { min: 50 }),
      currency: params.requiredString('currency').toLowerCase(),
      created: this.#deps.now(),
      metadata: params.metadata(),
      description: params.string('description') ?? null,
      receiptEmail: params.string('receipt_email') ?? null,
    };
    return this.create(spec, origin);
  }

  create(spec: IntentSpec, origin: Origin): Intent {
    const intent = newIntent(spec);
    this.#deps.store.put('intent', intent.id, intent);
    this.#deps.events.record('payment_intent.created', intent, origin);
    return intent;
  }

  require(id: string, param = 'intent'): Intent {
    const intent = this.#deps.store.get('intent', id);
    if (intent === undefined) throw resourceMissing('payment_intent', id, param);
    return intent;
  }

  /** Charges the whole amount and records the success. */
  approve(intent: Intent, origin: Origin): Intent {
    const charge = this.#chargeWithBalance(intent);
    const paid: Intent = {
      ...intent,
      amount_received: intent.amount,
      last_payment_error: null,
      latest_charge: charge.id,
      payment_method: charge.payment_method,
      status: 'succeeded',
    };
    this.#deps.store.put('intent', paid.id, paid);
    this.#deps.events.record('charge.succeeded', charge, origin);
    this.#deps.events.record('payment_intent.succeeded', paid, origin);
    return paid;
  }

  /** The customer has done their part; the money is on its way. */
  process(intent: Intent, origin: Origin): Intent {
    const processing: Intent = { ...intent, last_payment_error: null, status: 'processing' };
    this.#deps.store.put('intent', processing.id, processing);
    this.#deps.events.record('payment_intent.processing', processing, origin);
    return processing;
  }

  /** The card is refused; the intent stays payable by another attempt. */
  decline(intent: Intent, origin: Origin): Intent {
    const charge = newCharge(intent, false, this.#deps.now());
    const declined: Intent = {
      ...intent,
      latest_charge: charge.id,
      last_payment_error: {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'generic_decline',
        charge: charge.id,
        message: DECLINE_MESSAGE,
        doc_url: 'https://stripe.com/docs/error-codes/card-declined',
      },
      status: 'requires_payment_method',
    };
    this.#deps.store.put('charge', charge.id, charge);
    this.#deps.store.put('intent', declined.id, declined);
    this.#deps.events.record('charge.failed', charge, origin);
    this.#deps.events.record('payment_intent.payment_failed', declined, origin);
    return declined;
  }

  /** The money that was on its way does not come. */
  fail(intent: Intent, origin: Origin): Intent {
    const failed: Intent = {
      ...intent,
      last_payment_error: {
        type: 'invalid_request_error',
        code: 'payment_intent_payment_attempt_failed',
        message: 'The payment failed.',
        payment_method: { type: 'boleto' } as Stripe.PaymentMethod,
      },
      status: 'requires_payment_method',
    };
    this.#deps.store.put('intent', failed.id, failed);
    this.#deps.events.record('payment_intent.payment_failed', failed, origin);
    return failed;
  }

  /** `POST /v1/payment_intents/:id/cancel`. An intent made by Checkout ends only with its session. */
  cancelFrom(id: string, params: Params, origin: Origin): Intent {
    params.allowOnly(['cancellation_reason', 'expand']);
    const reason = params.oneOf('cancellation_reason', CANCEL_REASONS) ?? null;
    const intent = this.require(id);
    if (intent.status !== 'requires_payment_method') {
      throw refusedByState(
        `This PaymentIntent cannot be canceled: its status is ${intent.status}.`,
        UNEXPECTED,
      );
    }
    if (this.#isFromCheckout(id)) {
      throw refusedByState(
        'This PaymentIntent belongs to Checkout: expire its Checkout Session instead.',
        UNEXPECTED,
      );
    }
    return this.cancel(intent, reason, origin);
  }

  cancel(intent: Intent, reason: string | null, origin: Origin): Intent {
    const canceled: Intent = {
      ...intent,
      canceled_at: this.#deps.now(),
      cancellation_reason: reason,
      status: 'canceled',
    };
    this.#deps.store.put('intent', canceled.id, canceled);
    this.#deps.events.record('payment_intent.canceled', canceled, origin);
    return canceled;
  }

  #chargeWithBalance(intent: Intent): Charge {
    const bare = newCharge(intent, true, this.#deps.now());
    const balance = newBalanceTransaction(bare, 'charge');
    const charge = { ...bare, balance_transaction: balance.id };
    this.#deps.store.put('balance', balance.id, balance);
    this.#deps.store.put('charge', charge.id, charge);
    return charge;
  }

  #isFromCheckout(intentId: string): boolean {
    return this.#deps.store.all('session').some(({ session }) => session.payment_intent === intentId);
  }
}

const UNEXPECTED = { code: 'payment_intent_unexpected_state' };

import type { Stripe } from 'stripe';
import { newId, randomText } from './ids.ts';

export type Intent = Stripe.PaymentIntent;
export type Charge = Stripe.Charge;
export type Refund = Stripe.Refund;
export type BalanceTransaction = Stripe.BalanceTransaction;
export type Dispute = Stripe.Dispute;

/** Stripe's card price in Brazil: 3.99 % plus R$ 0.39. Only the balance shows it. */
const FEE = { perMillage: 3990n, scale: 100_000n, fixed: 39 };

export interface IntentSpec {
  amount: number;
  currency: string;
  created: number;
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
}

export function newIntent(spec: IntentSpec): Intent {
  const id = newId('intent');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: spec.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: spec.created,
    currency: spec.currency,
    customer: null,
    customer_account: null,
    description: spec.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: spec.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: { card: { ...cardOptions } },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: spec.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

const cardOptions: Stripe.PaymentIntent.PaymentMethodOptions.Card = {
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: 'automatic',
};

/** The attempt to charge an intent's whole amount on a test card: approved or declined by the issuer. */
export function newCharge(intent: Intent, approved: boolean, created: number): Charge {
  const id = newId('charge');
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: approved ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: intent.receipt_email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'PLATAFORMA RESERVAS',
    captured: approved,
    created,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: approved ? null : 'card_declined',
    failure_message: approved ? null : DECLINE_MESSAGE,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcome(approved),
    paid: approved,
    payment_intent: intent.id,
    payment_method: newId('paymentMethod'),
    payment_method_details: { type: 'card', card: testCard(intent.amount, approved) },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: approved ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  };
}

export const DECLINE_MESSAGE = 'Your card was declined.';

function outcome(approved: boolean): Stripe.Charge.Outcome {
  return {
    advice_code: approved ? null : 'try_again_later',
    network_advice_code: null,
    network_decline_code: approved ? null : '05',
    network_status: approved ? 'approved_by_network' : 'declined_by_network',
    reason: approved ? null : 'generic_decline',
    risk_level: 'normal',
    risk_score: 5,
    seller_message: approved ? 'Payment complete.' : 'The bank did not return any further details.',
    type: approved ? 'authorized' : 'issuer_declined',
  };
}

function testCard(amount: number, approved: boolean): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: approved ? amount : null,
    authorization_code: approved ? '123456' : null,
    brand: 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'BR',
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: 'testFingerprint1',
    funding: 'credit',
    installments: null,
    last4: approved ? '4242' : '0002',
    mandate: null,
    network: 'visa',
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}

export interface RefundSpec {
  charge: Charge;
  amount: number;
  created: number;
  status: 'succeeded' | 'pending';
  reason: string | null;
  metadata: Record<string, string>;
}

export function newRefund({ charge, amount, created, status, reason, metadata }: RefundSpec): Refund {
  return {
    id: newId('refund'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { reference_status: 'pending', type: 'refund' }, type: 'card' },
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(status === 'pending' && { pending_reason: 'processing' }),
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
  };
}

export interface DisputeSpec {
  charge: Charge;
  status: Stripe.Dispute.Status;
  created: number;
}

/** Without evidence: none is handed in here. */
export function newDispute({ charge, status, created }: DisputeSpec): Dispute {
  return {
    id: newId('dispute'),
    object: 'dispute',
    amount: charge.amount_captured - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {} as Stripe.Dispute.Evidence,
    evidence_details: {
      due_by: null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: status === 'warning_needs_response',
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status,
  };
}

/** Amounts in cents, signed: a charge comes in less the fee, a refund goes out (its fee is not given back). */
export function newBalanceTransaction(
  source: Charge | Refund,
  type: 'charge' | 'refund' | 'refund_failure',
): BalanceTransaction {
  const fee = type === 'charge' ? feeOf(source.amount) : 0;
  const amount = type === 'refund' ? -source.amount : source.amount;
  return {
    id: newId('balance'),
    object: 'balance_transaction',
    amount,
    available_on: source.created,
    balance_type: 'payments',
    created: source.created,
    currency: source.currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [feeDetail(fee, source.currency)],
    net: amount - fee,
    reporting_category: type,
    source: source.id,
    status: 'available',
    type,
  };
}

function feeOf(amount: number): number {
  return Number((BigInt(amount) * FEE.perMillage + FEE.scale / 2n) / FEE.scale) + FEE.fixed;
}

function feeDetail(amount: number, currency: string): Stripe.BalanceTransaction.FeeDetail {
  return { amount, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' };
}

import type { Stripe } from 'stripe';
import { newId } from './ids.ts';

export type Session = Stripe.Checkout.Session;

/** What the stand-in keeps of a session: the public object plus what only the payment needs. */
export interface SessionRecord {
  /** `url` is always null here: the view fills it in, as the port may change between two starts. */
  readonly session: Session;
  readonly lineItems: Stripe.LineItem[];
  readonly intentData: { metadata: Record<string, string>; description: string | null };
}

export interface LineItemSpec {
  name: string;
  description: string | null;
  unitAmount: number;
  quantity: number;
}

export interface SessionSpec {
  created: number;
  expiresAt: number;
  currency: string;
  items: LineItemSpec[];
  successUrl: string;
  cancelUrl: string | null;
  clientReferenceId: string | null;
  customerEmail: string | null;
  locale: string | null;
  submitType: string | null;
  allowedMethodTypes: string[] | null;
  paymentMethodTypes: string[];
  metadata: Record<string, string>;
  intentData: SessionRecord['intentData'];
}

/** A session in `payment` mode that has just been created: open, unpaid, no payment intent yet. */
export function newSessionRecord(spec: SessionSpec): SessionRecord {
  const lineItems = spec.items.map((item) => newLineItem(item, spec));
  const total = lineItems.reduce((sum, item) => sum + item.amount_total, 0);
  return { session: newSession(spec, total), lineItems, intentData: spec.intentData };
}

/** Typed against the SDK, so that a field that the pinned API version lacks or adds does not compile. */
function newSession(spec: SessionSpec, total: number): Session {
  return {
    id: newId('session'),
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: spec.allowedMethodTypes,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: spec.cancelUrl,
    client_reference_id: spec.clientReferenceId,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: spec.created,
    currency: spec.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: 'if_required',
    customer_details: spec.customerEmail === null ? null : customerDetails(spec.customerEmail),
    customer_email: spec.customerEmail,
    discounts: [],
    expires_at: spec.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: spec.locale,
    managed_payments: { enabled: false },
    metadata: spec.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: spec.paymentMethodTypes,
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: spec.submitType,
    subscription: null,
    success_url: spec.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: null,
    wallet_options: null,
  };
}

/** Who paid, as the hosted page would have collected it. */
export function customerDetails(email: string | null): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

function newLineItem(item: LineItemSpec, { currency, created }: SessionSpec): Stripe.LineItem {
  const total = item.unitAmount * item.quantity;
  return {
    id: newId('lineItem'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency,
    description: item.name,
    metadata: {},
    price: inlinePrice(item, currency, created),
    quantity: item.quantity,
  };
}

function inlinePrice(item: LineItemSpec, currency: string, created: number): Stripe.Price {
  return {
    id: newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: newId('product'),
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: item.unitAmount,
    // On the wire it is decimal text; only the SDK turns it into a Decimal.
    unit_amount_decimal: String(item.unitAmount) as unknown as Stripe.Decimal,
  };
}

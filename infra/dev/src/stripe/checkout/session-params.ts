import type { LineItemSpec, SessionSpec } from '../objects/session-object.ts';
import { invalidParam, missingParam } from '../request/api-error.ts';
import type { Params } from '../request/params.ts';

const MIN_LIFE_S = 30 * 60;
const MAX_LIFE_S = 24 * 3600;
/** Stripe's smallest charge in reais. */
const MIN_AMOUNT = 50;

const USED = [
  'allowed_payment_method_types',
  'cancel_url',
  'client_reference_id',
  'customer_email',
  'expand',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'payment_method_types',
  'submit_type',
  'success_url',
  'ui_mode',
];

/** Real parameters that change nothing here. What is in neither list is refused, as Stripe would. */
const TOLERATED = [
  'adaptive_pricing',
  'allow_promotion_codes',
  'automatic_tax',
  'billing_address_collection',
  'branding_settings',
  'consent_collection',
  'currency',
  'custom_text',
  'customer_creation',
  'excluded_payment_method_types',
  'integration_identifier',
  'invoice_creation',
  'managed_payments',
  'name_collection',
  'origin_context',
  'payment_method_collection',
  'payment_method_configuration',
  'payment_method_options',
  'phone_number_collection',
  'saved_payment_method_options',
  'tax_id_collection',
  'wallet_options',
];

const INTENT_DATA = [
  'capture_method',
  'description',
  'metadata',
  'receipt_email',
  'setup_future_usage',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
];

/** The body of `POST /v1/checkout/sessions`, checked. `now` in epoch seconds. */
export function sessionSpec(params: Params, now: number): SessionSpec {
  params.allowOnly([...USED, ...TOLERATED]);
  params.oneOf('ui_mode', ['hosted_page']);
  if (params.oneOf('mode', ['payment']) === undefined) throw missingParam('mode');
  const { currency, items } = lineItems(params);
  const intentData = params.object('payment_intent_data');
  intentData.allowOnly(INTENT_DATA);
  return {
    created: now,
    expiresAt: expiry(params, now),
    currency,
    items,
    successUrl: successUrl(params),
    cancelUrl: params.url('cancel_url') ?? null,
    clientReferenceId: params.string('client_reference_id', { max: 200 }) ?? null,
    customerEmail: email(params),
    locale: params.string('locale') ?? null,
    submitType: params.string('submit_type') ?? null,
    allowedMethodTypes: cardsIn(params, 'allowed_payment_method_types'),
    paymentMethodTypes: cardsIn(params, 'payment_method_types') ?? ['card'],
    metadata: params.metadata(),
    intentData: { metadata: intentData.metadata(), description: intentData.string('description') ?? null },
  };
}

function successUrl(params: Params): string {
  const url = params.url('success_url');
  if (url === undefined) throw missingParam('success_url');
  return url;
}

function expiry(params: Params, now: number): number {
  const at = params.integer('expires_at', { max: Number.MAX_SAFE_INTEGER });
  if (at === undefined) return now + MAX_LIFE_S;
  if (at - now < MIN_LIFE_S) {
    throw invalidParam('`expires_at` must be at least 30 minutes after the creation.', 'expires_at');
  }
  if (at - now > MAX_LIFE_S) {
    throw invalidParam('`expires_at` must be at most 24 hours after the creation.', 'expires_at');
  }
  return at;
}

function email(params: Params): string | null {
  const value = params.string('customer_email', { max: 800 });
  if (value === undefined) return null;
  if (/^[^\s@]+@[^\s@]+$/.test(value)) return value;
  throw invalidParam(`Invalid email address: ${value}`, 'customer_email', 'email_invalid');
}

/** Only cards are played here, so any list must contain them; null when the list is absent. */
function cardsIn(params: Params, name: string): string[] | null {
  if (!params.has(name)) return null;
  const types = params.strings(name);
  if (types.includes('card')) return types;
  throw invalidParam('The local stand-in takes only cards.', name);
}

function lineItems(params: Params): { currency: string; items: LineItemSpec[] } {
  const read = params.list('line_items').map((item, index) => lineItem(item, index));
  const currency = read[0]?.currency;
  if (currency === undefined) throw missingParam('line_items');
  if (read.length > 100) throw invalidParam('A session has at most 100 line items.', 'line_items');
  if (read.some((item) => item.currency !== currency)) {
    throw invalidParam('All line items must have the same currency.', 'line_items');
  }
  checkTotal(read);
  return { currency, items: read };
}

function lineItem(item: Params, index: number): LineItemSpec & { currency: string } {
  item.allowOnly(['price_data', 'quantity', 'adjustable_quantity', 'metadata', 'tax_rates', 'price']);
  const price = item.string('price');
  const path = `line_items[${index}]`;
  if (price !== undefined)
    throw invalidParam(`No such price: '${price}'`, `${path}[price]`, 'resource_missing');
  if (!item.has('price_data')) throw missingParam(`${path}[price_data]`);
  const priceData = item.object('price_data');
  priceData.allowOnly(['currency', 'product_data', 'unit_amount', 'tax_behavior']);
  const product = priceData.object('product_data');
  product.allowOnly(['name', 'description', 'images', 'metadata', 'tax_code']);
  return {
    name: product.requiredString('name', { max: 5000 }),
    description: product.string('description') ?? null,
    currency: priceData.requiredString('currency').toLowerCase(),
    unitAmount: priceData.requiredInteger('unit_amount'),
    quantity: item.integer('quantity', { min: 1, max: 999_999 }) ?? 1,
  };
}

function checkTotal(items: LineItemSpec[]): void {
  const total = items.reduce((sum, item) => sum + item.unitAmount * item.quantity, 0);
  if (total < MIN_AMOUNT) {
    throw invalidParam(
      'The total is below the smallest amount that can be charged.',
      'line_items',
      'amount_too_small',
    );
  }
  if (total > 99_999_999) {
    throw invalidParam(
      'The total is above the largest amount that can be charged.',
      'line_items',
      'amount_too_large',
    );
  }
}

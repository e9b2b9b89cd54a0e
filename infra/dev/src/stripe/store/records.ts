import type { Stripe } from 'stripe';
import type { BalanceTransaction, Charge, Dispute, Intent, Refund } from '../objects/payment-objects.ts';
import type { SessionRecord } from '../objects/session-object.ts';

/** `held`: no endpoint listens to it; `dropped`: lost on purpose; `failed`: given up after all retries. */
export type Delivery = 'pending' | 'delivered' | 'dropped' | 'failed' | 'held';

/** An event's payload is frozen when it happens, as Stripe's is. */
export interface EventRecord {
  event: StripeEvent;
  delivery: Delivery;
}

export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: Stripe.Event.Type;
}

export interface IdempotencyRecord {
  key: string;
  fingerprint: string;
  /** Epoch in ms. */
  createdAt: number;
  status: number;
  body: string;
}

/** Everything the stand-in remembers, by kind. */
export interface Records {
  session: SessionRecord;
  intent: Intent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  balance: BalanceTransaction;
  event: EventRecord;
  idempotency: IdempotencyRecord;
}

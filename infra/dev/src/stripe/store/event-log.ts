import { Stripe } from 'stripe';
import { newId } from '../objects/ids.ts';
import type { Delivery, EventRecord, StripeEvent } from './records.ts';
import type { Store } from './store.ts';

/** Which API request caused a change; nulls when it was the customer or the passing of time. */
export interface Origin {
  requestId: string | null;
  idempotencyKey: string | null;
}
export const NO_REQUEST: Origin = { requestId: null, idempotencyKey: null };

const MAX_EVENTS = 20_000;

export interface EventLogDeps {
  store: Store;
  /** Epoch in seconds. */
  now: () => number;
  /** Decides whether and how the event goes to the webhook. */
  deliver: (event: StripeEvent) => Delivery;
}

/** Records facts in order and hands each to the webhook queue. The oldest settled facts are let go. */
export class EventLog {
  readonly #deps: EventLogDeps;

  constructor(deps: EventLogDeps) {
    this.#deps = deps;
  }

  record(type: Stripe.Event.Type, object: object, origin: Origin, previous?: object): void {
    const { store, now, deliver } = this.#deps;
    const event: StripeEvent = {
      id: newId('event'),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: now(),
      data: { object: structuredClone(object), ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: origin.requestId, idempotency_key: origin.idempotencyKey },
      type,
    };
    // It is sent later than this returns, so a crash in between leaves it pending, not lost.
    store.put('event', event.id, { event, delivery: deliver(event) });
    this.#forgetOldest();
  }

  get(id: string): EventRecord | undefined {
    return this.#deps.store.get('event', id);
  }

  /** A late failure of a copy does not undo a delivery. */
  mark(id: string, delivery: Delivery): void {
    const record = this.get(id);
    if (record === undefined || record.delivery === delivery || record.delivery === 'delivered') return;
    this.#deps.store.put('event', id, { ...record, delivery });
  }

  pending(): StripeEvent[] {
    return this.#deps.store
      .all('event')
      .filter((r) => r.delivery === 'pending')
      .map((r) => r.event);
  }

  #forgetOldest(): void {
    const { store } = this.#deps;
    if (store.size('event') <= MAX_EVENTS) return;
    for (const { event, delivery } of store.values('event')) {
      if (delivery === 'pending') continue;
      store.delete('event', event.id);
      return;
    }
  }
}

/** What the API shows: `pending_webhooks` tells whether the delivery is still due. */
export function eventView({ event, delivery }: EventRecord): StripeEvent {
  return { ...event, pending_webhooks: delivery === 'pending' ? 1 : 0 };
}

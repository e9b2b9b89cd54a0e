import type { Checkout } from './checkout/checkout.ts';
import type { Disputes } from './money/disputes.ts';
import type { Payments } from './money/payments.ts';
import { ofPayment, type Refunds } from './money/refunds.ts';
import { resourceMissing, StripeApiError } from './request/api-error.ts';
import { expanded } from './request/expand.ts';
import { LIST_PARAMS, page } from './request/lists.ts';
import type { Params } from './request/params.ts';
import { type EventLog, eventView, type Origin } from './store/event-log.ts';
import type { Store } from './store/store.ts';

export interface ApiDeps {
  store: Store;
  events: EventLog;
  checkout: Checkout;
  payments: Payments;
  refunds: Refunds;
  disputes: Disputes;
}

export interface ApiCall {
  method: string;
  path: string;
  params: Params;
  origin: Origin;
}

interface Call extends ApiCall {
  id: string;
}
type Handler = (call: Call) => object;
type Route = [method: 'GET' | 'POST', path: string, handler: Handler];

/** The part of `/v1` that a booking platform calls. Everything else answers as Stripe does to a wrong address. */
export class Api {
  readonly #deps: ApiDeps;
  readonly #routes: { method: string; pattern: RegExp; handler: Handler }[];

  constructor(deps: ApiDeps) {
    this.#deps = deps;
    const routes = [
      ...this.#sessions(),
      ...this.#intents(),
      ...this.#refunds(),
      ...this.#disputes(),
      ...this.#records(),
    ];
    this.#routes = routes.map(([method, path, handler]) => ({ method, pattern: patternOf(path), handler }));
  }

  /** The answer's object, expanded. Throws StripeApiError. */
  execute(call: ApiCall): object {
    this.#deps.checkout.expireDue();
    for (const { method, pattern, handler } of this.#routes) {
      const match = method === call.method ? pattern.exec(call.path) : null;
      if (match)
        return this.#expanded(handler({ ...call, id: match[1] ?? '' }), call.params.strings('expand'));
    }
    throw unknownAddress(call);
  }

  #sessions(): Route[] {
    const { checkout } = this.#deps;
    return [
      ['POST', '/v1/checkout/sessions', ({ params }) => checkout.create(params)],
      ['GET', '/v1/checkout/sessions', (call) => this.#sessionList(call)],
      ['GET', '/v1/checkout/sessions/:id', ({ id }) => checkout.view(checkout.require(id).session)],
      ['GET', '/v1/checkout/sessions/:id/line_items', ({ id }) => this.#lineItems(id)],
      [
        'POST',
        '/v1/checkout/sessions/:id/expire',
        ({ id, params, origin }) => {
          params.allowOnly(['expand']);
          return checkout.expire(id, origin);
        },
      ],
    ];
  }

  #intents(): Route[] {
    const { payments, store } = this.#deps;
    return [
      ['POST', '/v1/payment_intents', ({ params, origin }) => payments.createFrom(params, origin)],
      [
        'GET',
        '/v1/payment_intents',
        ({ params, path }) => {
          params.allowOnly([...LIST_PARAMS, 'customer']);
          return page(store.all('intent'), params, path);
        },
      ],
      ['GET', '/v1/payment_intents/:id', ({ id }) => payments.require(id)],
      [
        'POST',
        '/v1/payment_intents/:id/cancel',
        ({ id, params, origin }) => payments.cancelFrom(id, params, origin),
      ],
    ];
  }

  #refunds(): Route[] {
    const { refunds, store } = this.#deps;
    return [
      ['POST', '/v1/refunds', ({ params, origin }) => refunds.create(params, origin)],
      [
        'GET',
        '/v1/refunds',
        ({ params, path }) => {
          params.allowOnly([...LIST_PARAMS, 'charge', 'payment_intent']);
          return page(store.all('refund').filter(ofPayment(params)), params, path);
        },
      ],
      ['GET', '/v1/refunds/:id', ({ id }) => refunds.require(id)],
    ];
  }

  #disputes(): Route[] {
    const { disputes, store } = this.#deps;
    return [
      [
        'GET',
        '/v1/disputes',
        ({ params, path }) => {
          params.allowOnly([...LIST_PARAMS, 'charge', 'payment_intent']);
          return page(store.all('dispute').filter(ofPayment(params)), params, path);
        },
      ],
      ['GET', '/v1/disputes/:id', ({ id }) => disputes.require(id)],
    ];
  }

  #records(): Route[] {
    const { store } = this.#deps;
    return [
      [
        'GET',
        '/v1/charges',
        ({ params, path }) => {
          params.allowOnly([...LIST_PARAMS, 'payment_intent']);
          const intent = params.string('payment_intent');
          const charges = store
            .all('charge')
            .filter((c) => intent === undefined || c.payment_intent === intent);
          return page(charges, params, path);
        },
      ],
      ['GET', '/v1/charges/:id', ({ id }) => found(store.get('charge', id), 'charge', id)],
      [
        'GET',
        '/v1/balance_transactions',
        ({ params, path }) => {
          params.allowOnly([...LIST_PARAMS, 'source', 'type']);
          const [source, type] = [params.string('source'), params.string('type')];
          const matches = store
            .all('balance')
            .filter(
              (b) => (source === undefined || b.source === source) && (type === undefined || b.type === type),
            );
          return page(matches, params, path);
        },
      ],
      [
        'GET',
        '/v1/balance_transactions/:id',
        ({ id }) => found(store.get('balance', id), 'balance_transaction', id),
      ],
      ['GET', '/v1/events', (call) => this.#eventList(call)],
      ['GET', '/v1/events/:id', ({ id }) => eventView(found(store.get('event', id), 'event', id))],
    ];
  }

  #sessionList({ params, path }: Call): object {
    params.allowOnly([...LIST_PARAMS, 'payment_intent', 'status']);
    const intent = params.string('payment_intent');
    const status = params.oneOf('status', ['open', 'complete', 'expired']);
    const sessions = this.#deps.store
      .all('session')
      .map(({ session }) => this.#deps.checkout.view(session))
      .filter((session) => intent === undefined || session.payment_intent === intent)
      .filter((session) => status === undefined || session.status === status);
    return page(sessions, params, path);
  }

  #eventList({ params, path }: Call): object {
    params.allowOnly([...LIST_PARAMS, 'type', 'types', 'delivery_success']);
    const types = params.has('type') ? [params.string('type')] : params.strings('types');
    const delivered = params.oneOf('delivery_success', ['true', 'false']);
    const events = this.#deps.store
      .all('event')
      .filter(({ event }) => types.length === 0 || types.includes(event.type))
      .filter(
        ({ delivery }) => delivered === undefined || (delivery === 'delivered') === (delivered === 'true'),
      )
      .map(eventView);
    return page(events, params, path);
  }

  #lineItems(sessionId: string): object {
    const { lineItems } = this.#deps.checkout.require(sessionId);
    return {
      object: 'list',
      data: lineItems,
      has_more: false,
      url: `/v1/checkout/sessions/${sessionId}/line_items`,
    };
  }

  #expanded(object: object, paths: string[]): object {
    return expanded(object, paths, {
      byId: (id) => this.#byId(id),
      embedded: (owner, field) =>
        owner.object === 'checkout.session' && field === 'line_items'
          ? this.#lineItems(String(owner.id))
          : undefined,
    });
  }

  #byId(id: string): object | undefined {
    const { store } = this.#deps;
    if (id.startsWith('pi_')) return store.get('intent', id);
    if (id.startsWith('ch_')) return store.get('charge', id);
    if (id.startsWith('re_')) return store.get('refund', id);
    if (id.startsWith('du_')) return store.get('dispute', id);
    return id.startsWith('txn_') ? store.get('balance', id) : undefined;
  }
}

function found<T>(record: T | undefined, noun: string, id: string): T {
  if (record === undefined) throw resourceMissing(noun, id);
  return record;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(':id', '([^/]+)')}$`);
}

function unknownAddress({ method, path }: ApiCall): StripeApiError {
  return new StripeApiError({
    status: 404,
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). The local stand-in serves only a part of the API.`,
  });
}

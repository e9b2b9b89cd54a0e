import type { Stripe } from 'stripe';
import type { Payments, StripeDeps } from '../money/payments.ts';
import type { Intent } from '../objects/payment-objects.ts';
import {
  customerDetails,
  newSessionRecord,
  type Session,
  type SessionRecord,
} from '../objects/session-object.ts';
import { refusedByState, resourceMissing } from '../request/api-error.ts';
import type { Params } from '../request/params.ts';
import { NO_REQUEST, type Origin } from '../store/event-log.ts';
import { sessionSpec } from './session-params.ts';

interface CheckoutDeps extends StripeDeps {
  payments: Payments;
  /** Where the hosted pages live, without a final slash. */
  baseUrl: () => string;
}

/** What becomes of money that was on its way. */
export type PaymentOutcome = 'succeeded' | 'failed';

/** Checkout Sessions: open -> complete (paid, or with its money on the way) or expired, never back. */
export class Checkout {
  readonly #deps: CheckoutDeps;
  readonly #open = new Set<string>();

  constructor(deps: CheckoutDeps) {
    this.#deps = deps;
    for (const { session } of deps.store.all('session')) this.#track(session);
  }

  create(params: Params): Session {
    const record = newSessionRecord(sessionSpec(params, this.#deps.now()));
    this.#save(record);
    return this.view(record.session);
  }

  require(id: string): SessionRecord {
    this.expireDue();
    const record = this.#deps.store.get('session', id);
    if (record === undefined) throw resourceMissing('checkout.session', id, 'session');
    return record;
  }

  /** `url` lives only as long as the session can be paid. */
  view(session: Session): Session {
    const url = session.status === 'open' ? `${this.#deps.baseUrl()}/c/pay/${session.id}` : null;
    return { ...session, url };
  }

  expire(id: string, origin: Origin): Session {
    return this.#expire(this.#requireOpen(id, 'expired'), origin);
  }

  /** The customer confirms and the card is approved. */
  pay(id: string): Session {
    const record = this.#requireOpen(id, 'paid');
    const intent = this.#deps.payments.approve(this.#intentOf(record), NO_REQUEST);
    const session: Session = {
      ...record.session,
      customer_details: record.session.customer_details ?? customerDetails(null),
      payment_intent: intent.id,
      payment_status: 'paid',
      status: 'complete',
    };
    return this.#announce({ ...record, session }, 'checkout.session.completed');
  }

  /** The customer confirms with a method whose money is on its way for a while: nothing is paid, nothing can be paid any more. */
  payLater(id: string): Session {
    const record = this.#requireOpen(id, 'paid');
    const intent = this.#deps.payments.process(this.#intentOf(record), NO_REQUEST);
    const session: Session = {
      ...record.session,
      customer_details: record.session.customer_details ?? customerDetails(null),
      payment_intent: intent.id,
      status: 'complete',
    };
    return this.#announce({ ...record, session }, 'checkout.session.completed');
  }

  /** The money that was on its way comes, or does not; what was given up may come after all. */
  settle(id: string, outcome: PaymentOutcome): Session {
    const record = this.require(id);
    const { status, payment_status, payment_intent } = record.session;
    if (status !== 'complete' || payment_status !== 'unpaid')
      throw refusedByState(`No money is on its way for this Checkout Session: it is "${status}".`);
    const { payments } = this.#deps;
    const intent = payments.require(payment_intent as string);
    if (outcome === 'failed') {
      payments.fail(intent, NO_REQUEST);
      return this.#announce(record, 'checkout.session.async_payment_failed');
    }
    payments.approve(intent, NO_REQUEST);
    const session: Session = { ...record.session, payment_status: 'paid' };
    return this.#announce({ ...record, session }, 'checkout.session.async_payment_succeeded');
  }

  /** The customer confirms and the card is refused: the session stays open for another try. */
  decline(id: string): Session {
    const record = this.#requireOpen(id, 'paid');
    const intent = this.#intentOf(record);
    const session: Session = { ...record.session, payment_intent: intent.id };
    this.#save({ ...record, session });
    this.#deps.payments.decline(intent, NO_REQUEST);
    return this.view(session);
  }

  /** Expires what has reached its `expires_at`; called before every read and by a timer. */
  expireDue(): void {
    const now = this.#deps.now();
    for (const id of this.#open) {
      const record = this.#deps.store.get('session', id);
      if (record && record.session.expires_at <= now) this.#expire(record, NO_REQUEST);
    }
  }

  /** Brings the end of an open session's time forward to now. */
  endTime(id: string): Session {
    const record = this.#requireOpen(id, 'expired');
    this.#save({ ...record, session: { ...record.session, expires_at: this.#deps.now() } });
    return this.view(this.require(id).session);
  }

  forgetAll(): void {
    this.#open.clear();
  }

  #requireOpen(id: string, verb: string): SessionRecord {
    const record = this.require(id);
    const { status } = record.session;
    if (status === 'open') return record;
    throw refusedByState(
      `Only Checkout Sessions with the status "open" can be ${verb}; this one is "${status}".`,
    );
  }

  #expire(record: SessionRecord, origin: Origin): Session {
    const session: Session = { ...record.session, status: 'expired' };
    this.#save({ ...record, session });
    const intentId = session.payment_intent as string | null;
    if (intentId !== null) {
      this.#deps.payments.cancel(this.#deps.payments.require(intentId), 'automatic', origin);
    }
    this.#deps.events.record('checkout.session.expired', this.view(session), origin);
    return this.view(session);
  }

  /** Checkout makes the intent only when the customer confirms, and keeps it for the next attempts. */
  #intentOf({ session, intentData }: SessionRecord): Intent {
    if (session.payment_intent !== null) return this.#deps.payments.require(session.payment_intent as string);
    const spec = {
      amount: session.amount_total ?? 0,
      currency: session.currency ?? 'brl',
      created: this.#deps.now(),
      metadata: intentData.metadata,
      description: intentData.description,
      receiptEmail: session.customer_email,
    };
    return this.#deps.payments.create(spec, NO_REQUEST);
  }

  #announce(record: SessionRecord, type: Stripe.Event.Type): Session {
    this.#save(record);
    this.#deps.events.record(type, this.view(record.session), NO_REQUEST);
    return this.view(record.session);
  }

  #save(record: SessionRecord): void {
    this.#deps.store.put('session', record.session.id, record);
    this.#track(record.session);
  }

  #track(session: Session): void {
    if (session.status === 'open') this.#open.add(session.id);
    else this.#open.delete(session.id);
  }
}

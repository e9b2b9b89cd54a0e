import type { Checkout, PaymentOutcome } from './checkout/checkout.ts';
import { type DisputeEnd, type DisputeStart, type Disputes, takesMoney } from './money/disputes.ts';
import type { RefundMode, Refunds } from './money/refunds.ts';
import type { Dispute, Refund } from './objects/payment-objects.ts';
import type { Session } from './objects/session-object.ts';
import { refusedByState, resourceMissing } from './request/api-error.ts';
import { type EventLog, NO_REQUEST } from './store/event-log.ts';
import type { EventRecord } from './store/records.ts';
import type { Store } from './store/store.ts';
import { type Fault, type Faults, InvalidSwitchError } from './switches/faults.ts';
import { type WebhookSwitches, withSwitches } from './switches/webhook-switches.ts';
import type { WebhookQueue } from './webhooks.ts';

export interface Switches {
  webhooks: WebhookSwitches;
  /** `pending`: new refunds stay open until settled here. */
  refunds: { mode: RefundMode };
  /** Of the generator that drops and shuffles; setting it starts the sequence again. */
  seed: number;
}

export interface SwitchesChange {
  webhooks?: Partial<WebhookSwitches>;
  refunds?: { mode: RefundMode };
  seed?: number;
  /** Replaces all armed faults. */
  faults?: Partial<Fault>[];
}

/** What was captured and refunded on one payment intent, in cents. */
export interface LedgerLine {
  paymentIntent: string;
  session: string | null;
  currency: string;
  status: string;
  captured: number;
  /** Done only; what is under way is in `refundPending`. */
  refunded: number;
  refundPending: number;
  /** With the customer's bank, for good once the dispute is lost. */
  disputed: number;
  metadata: Record<string, string>;
}

/** A checkout that was made, whether or not anybody paid at it. */
export interface LedgerSession {
  session: string;
  status: string | null;
  metadata: Record<string, string>;
}

export interface Ledger {
  lines: LedgerLine[];
  sessions: LedgerSession[];
  captured: number;
  refunded: number;
  refundPending: number;
}

interface ControlDeps {
  store: Store;
  checkout: Checkout;
  refunds: Refunds;
  disputes: Disputes;
  events: EventLog;
  webhooks: WebhookQueue;
  faults: Faults;
  switches: { get: () => Switches; set: (switches: Switches) => void; reset: () => void };
}

/** The levers of the stand-in, for tests and for the control API alike. */
export class Control {
  readonly #deps: ControlDeps;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
  }

  /** All switches; of the webhook secrets only how many there are. */
  get() {
    const { webhooks, refunds, seed } = this.#deps.switches.get();
    const { secrets, ...rest } = webhooks;
    const queue = { waiting: this.#deps.webhooks.waiting };
    return {
      webhooks: { ...rest, secrets: secrets.length },
      refunds,
      seed,
      faults: this.#deps.faults.list(),
      queue,
    };
  }

  /** Changes only what is given. Throws InvalidSwitchError, then nothing has changed. */
  set({ webhooks, refunds, seed, faults, ...unknown }: SwitchesChange): void {
    const [stray] = Object.keys(unknown);
    if (stray !== undefined) throw new InvalidSwitchError(`${stray} does not exist`);
    const now = this.#deps.switches.get();
    const next: Switches = {
      webhooks: webhooks === undefined ? now.webhooks : withSwitches(now.webhooks, webhooks),
      refunds: refunds === undefined ? now.refunds : { mode: checkedMode(refunds?.mode) },
      seed: seed ?? now.seed,
    };
    if (!Number.isSafeInteger(next.seed)) throw new InvalidSwitchError('seed must be an integer');
    if (faults !== undefined) this.#deps.faults.replace(faults);
    this.#deps.switches.set(next);
    this.#deps.webhooks.wake();
  }

  addFault(fault: Partial<Fault>): Fault {
    return this.#deps.faults.add(fault);
  }

  clearFaults(): void {
    this.#deps.faults.clear();
  }

  /** The customer pays an open session, as by the button of its page. */
  pay(sessionId: string): Session {
    return this.#deps.store.batch(() => this.#deps.checkout.pay(sessionId));
  }

  /** The customer's card is refused; the session stays open. */
  decline(sessionId: string): Session {
    return this.#deps.store.batch(() => this.#deps.checkout.decline(sessionId));
  }

  /** The customer pays an open session by a method whose money is on its way for a while. */
  payLater(sessionId: string): Session {
    return this.#deps.store.batch(() => this.#deps.checkout.payLater(sessionId));
  }

  /** That money comes, or does not; after `failed` it may come all the same. */
  settlePayment(sessionId: string, outcome: PaymentOutcome): Session {
    return this.#deps.store.batch(() => this.#deps.checkout.settle(sessionId, checkedOutcome(outcome)));
  }

  /** An open session reaches its end now. */
  expireSession(sessionId: string): Session {
    return this.#deps.store.batch(() => this.#deps.checkout.endTime(sessionId));
  }

  settleRefund(refundId: string, status: 'succeeded' | 'failed'): Refund {
    return this.#deps.store.batch(() =>
      this.#deps.refunds.settle(refundId, checkedOutcome(status), NO_REQUEST),
    );
  }

  /** The customer's bank claims a captured payment back, or begins to ask about it. */
  dispute(intentId: string, status: DisputeStart = 'needs_response'): Dispute {
    if (status !== 'needs_response' && status !== 'warning_needs_response')
      throw new InvalidSwitchError('status must be needs_response or warning_needs_response');
    return this.#deps.store.batch(() => this.#deps.disputes.open(intentId, status));
  }

  /** Oldest first. */
  disputes(intentId: string): Dispute[] {
    return this.#deps.store.all('dispute').filter(({ payment_intent }) => payment_intent === intentId);
  }

  closeDispute(disputeId: string, status: DisputeEnd): Dispute {
    if (status !== 'won' && status !== 'lost' && status !== 'warning_closed')
      throw new InvalidSwitchError('status must be won, lost or warning_closed');
    return this.#deps.store.batch(() => this.#deps.disputes.close(disputeId, status));
  }

  /** Events oldest first, with how their delivery went. What is due by the clock has happened, whatever the timer did. */
  events(filter: { type?: string; delivery?: string } = {}): EventRecord[] {
    const { store, checkout } = this.#deps;
    store.batch(() => checkout.expireDue());
    return store
      .all('event')
      .filter(
        ({ event, delivery }) =>
          (filter.type === undefined || event.type === filter.type) &&
          (filter.delivery === undefined || delivery === filter.delivery),
      );
  }

  /** Sends an event once more, whatever became of it; the only way to get a dropped one. */
  redeliver(eventId: string): void {
    if (this.#deps.events.get(eventId) === undefined) throw resourceMissing('event', eventId);
    if (this.#deps.switches.get().webhooks.url === null)
      throw refusedByState('No webhook URL is configured.');
    this.#deps.webhooks.redeliver(eventId);
  }

  ledger(): Ledger {
    const lines = this.#lines();
    const sum = (field: 'captured' | 'refunded' | 'refundPending') =>
      lines.reduce((total, l) => total + l[field], 0);
    const sessions = this.#deps.store.all('session').map(({ session: { id, status, metadata } }) => ({
      session: id,
      status,
      metadata: metadata ?? {},
    }));
    return {
      lines,
      sessions,
      captured: sum('captured'),
      refunded: sum('refunded'),
      refundPending: sum('refundPending'),
    };
  }

  /** Forgets everything and puts the switches back as they were at start. */
  reset(): void {
    this.#deps.webhooks.clear();
    this.#deps.faults.clear();
    this.#deps.checkout.forgetAll();
    this.#deps.store.clear();
    this.#deps.switches.reset();
  }

  #lines(): LedgerLine[] {
    const { store } = this.#deps;
    const sessions = new Map(store.all('session').map(({ session }) => [session.payment_intent, session.id]));
    const refunds = store.all('refund');
    const byIntent = Map.groupBy(refunds, (refund) => refund.payment_intent);
    const taken = Map.groupBy(store.all('dispute').filter(takesMoney), (one) => one.payment_intent);
    return store.all('intent').map((intent) => ({
      paymentIntent: intent.id,
      session: sessions.get(intent.id) ?? null,
      currency: intent.currency,
      status: intent.status,
      captured: intent.amount_received,
      refunded: sumOf(byIntent.get(intent.id), 'succeeded'),
      refundPending: sumOf(byIntent.get(intent.id), 'pending'),
      disputed: (taken.get(intent.id) ?? []).reduce((sum, { amount }) => sum + amount, 0),
      metadata: intent.metadata,
    }));
  }
}

function sumOf(refunds: Refund[] | undefined, status: string): number {
  return (refunds ?? []).filter((r) => r.status === status).reduce((sum, refund) => sum + refund.amount, 0);
}

function checkedOutcome(status: PaymentOutcome): PaymentOutcome {
  if (status === 'succeeded' || status === 'failed') return status;
  throw new InvalidSwitchError('status must be succeeded or failed');
}

function checkedMode(mode: RefundMode | undefined): RefundMode {
  if (mode === 'succeeded' || mode === 'pending') return mode;
  throw new InvalidSwitchError('refunds.mode must be succeeded or pending');
}

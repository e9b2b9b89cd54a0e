import {
  type Charge,
  type Dispute,
  newBalanceTransaction,
  newRefund,
  type Refund,
} from '../objects/payment-objects.ts';
import { invalidParam, missingParam, refusedByState, resourceMissing } from '../request/api-error.ts';
import type { Params } from '../request/params.ts';
import type { Origin } from '../store/event-log.ts';
import { takesMoney } from './disputes.ts';
import type { Payments, StripeDeps } from './payments.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export type RefundMode = 'succeeded' | 'pending';

interface RefundsDeps extends StripeDeps {
  payments: Payments;
  /** Cards are refunded at once; `pending` leaves it open until the control API settles it. */
  mode: () => RefundMode;
}

/** Refunds of captured charges: their sum never exceeds what was captured. */
export class Refunds {
  readonly #deps: RefundsDeps;

  constructor(deps: RefundsDeps) {
    this.#deps = deps;
  }

  create(params: Params, origin: Origin): Refund {
    params.allowOnly(['amount', 'charge', 'expand', 'metadata', 'payment_intent', 'reason']);
    const amountAsked = params.integer('amount', { min: 1 });
    const reason = params.oneOf('reason', REASONS) ?? null;
    const metadata = params.metadata();
    const charge = this.#chargeOf(params);
    this.#notDisputed(charge);
    const amount = refundable(charge, amountAsked);
    const status = this.#deps.mode();
    return this.#open(charge, { amount, reason, metadata, status }, origin);
  }

  require(id: string): Refund {
    const refund = this.#deps.store.get('refund', id);
    if (refund === undefined) throw resourceMissing('refund', id);
    return refund;
  }

  /** Ends a pending refund, as the bank would days later. A failed one gives the money back to the balance. */
  settle(id: string, status: 'succeeded' | 'failed', origin: Origin): Refund {
    const refund = this.require(id);
    if (refund.status === 'failed') throw refusedByState('This refund has already failed.');
    const { pending_reason: _, ...rest } = refund;
    const settled: Refund = status === 'failed' ? this.#undo(rest) : { ...rest, status };
    this.#deps.store.put('refund', id, settled);
    this.#announceUpdate(settled, origin, { status: refund.status });
    if (status === 'failed') this.#deps.events.record('refund.failed', settled, origin);
    return settled;
  }

  #open(
    charge: Charge,
    spec: { amount: number; reason: string | null; metadata: Record<string, string>; status: RefundMode },
    origin: Origin,
  ): Refund {
    const bare = newRefund({ charge, created: this.#deps.now(), ...spec });
    const balance = newBalanceTransaction(bare, 'refund');
    const refund = { ...bare, balance_transaction: balance.id };
    const after = withRefunded(charge, charge.amount_refunded + spec.amount);
    this.#deps.store.put('balance', balance.id, balance);
    this.#deps.store.put('refund', refund.id, refund);
    this.#deps.store.put('charge', after.id, after);
    this.#deps.events.record('refund.created', refund, origin);
    const previous = { amount_refunded: charge.amount_refunded, refunded: charge.refunded };
    this.#deps.events.record('charge.refunded', after, origin, previous);
    return spec.status === 'pending' ? refund : this.#withReference(refund, origin);
  }

  /** Cards: the acquirer's reference arrives a moment later and is announced as an update. */
  #withReference(refund: Refund, origin: Origin): Refund {
    const card = { reference: refund.id.slice(-12), reference_status: 'available', type: 'refund' as const };
    const referenced: Refund = { ...refund, destination_details: { card, type: 'card' } };
    this.#deps.store.put('refund', refund.id, referenced);
    this.#announceUpdate(referenced, origin, { destination_details: refund.destination_details });
    return refund;
  }

  #announceUpdate(refund: Refund, origin: Origin, previous: object): void {
    this.#deps.events.record('refund.updated', refund, origin, previous);
    this.#deps.events.record('charge.refund.updated', refund, origin, previous);
  }

  #undo(refund: Refund): Refund {
    const charge = this.#deps.store.get('charge', refund.charge as string);
    if (charge === undefined) throw resourceMissing('charge', String(refund.charge));
    const after = withRefunded(charge, charge.amount_refunded - refund.amount);
    this.#deps.store.put('charge', after.id, after);
    const balance = newBalanceTransaction(refund, 'refund_failure');
    this.#deps.store.put('balance', balance.id, balance);
    return {
      ...refund,
      status: 'failed',
      failure_reason: 'declined',
      failure_balance_transaction: balance.id,
    };
  }

  /** The bank has the money, or has kept it. */
  #notDisputed({ id }: Charge): void {
    const taken = this.#deps.store.all('dispute').some((one) => one.charge === id && takesMoney(one));
    if (taken) throw refusedByState(`Charge ${id} has been charged back.`, { code: 'charge_disputed' });
  }

  #chargeOf(params: Params): Charge {
    const chargeId = params.string('charge') ?? this.#chargeOfIntent(params.string('payment_intent'));
    const charge = this.#deps.store.get('charge', chargeId);
    if (charge === undefined) throw resourceMissing('charge', chargeId, 'charge');
    if (!charge.captured)
      throw refusedByState(`Charge ${charge.id} was not captured, so it cannot be refunded.`);
    return charge;
  }

  #chargeOfIntent(intentId: string | undefined): string {
    if (intentId === undefined) throw missingParam('payment_intent');
    const intent = this.#deps.payments.require(intentId, 'payment_intent');
    if (intent.status === 'succeeded') return intent.latest_charge as string;
    throw refusedByState(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
    });
  }
}

function refundable(charge: Charge, asked: number | undefined): number {
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw refusedByState(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  if (asked !== undefined && asked > left) {
    throw refusedByState(
      `Refund amount (${asked}) is greater than the unrefunded amount on charge (${left}).`,
      {
        param: 'amount',
      },
    );
  }
  return asked ?? left;
}

function withRefunded(charge: Charge, amountRefunded: number): Charge {
  return { ...charge, amount_refunded: amountRefunded, refunded: amountRefunded === charge.amount_captured };
}

/** Lists of what belongs to both a charge and its intent filter by one of the two. */
export function ofPayment(params: Params): (one: Refund | Dispute) => boolean {
  const charge = params.string('charge');
  const intent = params.string('payment_intent');
  if (charge !== undefined && intent !== undefined) {
    throw invalidParam(
      'Filter by charge or by payment_intent, not by both.',
      'charge',
      'parameters_exclusive',
    );
  }
  return (one) =>
    (charge === undefined || one.charge === charge) &&
    (intent === undefined || one.payment_intent === intent);
}

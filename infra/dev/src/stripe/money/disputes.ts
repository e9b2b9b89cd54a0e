import { type Charge, type Dispute, newDispute } from '../objects/payment-objects.ts';
import { refusedByState, resourceMissing } from '../request/api-error.ts';
import { NO_REQUEST } from '../store/event-log.ts';
import type { Payments, StripeDeps } from './payments.ts';

/** How the customer's bank begins: it takes the money at once, or only asks. */
export type DisputeStart = 'needs_response' | 'warning_needs_response';
export type DisputeEnd = 'won' | 'lost' | 'warning_closed';

interface DisputesDeps extends StripeDeps {
  payments: Payments;
}

/** Claims of customers' banks. No call of the API opens them: the bank does, which here is the control API. */
export class Disputes {
  readonly #deps: DisputesDeps;

  constructor(deps: DisputesDeps) {
    this.#deps = deps;
  }

  /** The bank claims the whole of a captured payment. */
  open(intentId: string, status: DisputeStart): Dispute {
    const charge = this.#capturedBy(intentId);
    if (charge.disputed) throw refusedByState(`Charge ${charge.id} is disputed already.`);
    const dispute = newDispute({ charge, status, created: this.#deps.now() });
    this.#put(dispute, { ...charge, disputed: true });
    this.#deps.events.record('charge.dispute.created', dispute, NO_REQUEST);
    if (takesMoney(dispute)) this.#deps.events.record('charge.dispute.funds_withdrawn', dispute, NO_REQUEST);
    return dispute;
  }

  close(id: string, status: DisputeEnd): Dispute {
    const dispute = this.require(id);
    if (!dispute.status.endsWith('needs_response'))
      throw refusedByState(`Dispute ${id} is closed: ${dispute.status}.`);
    const withdrawn = takesMoney(dispute);
    if (withdrawn === (status === 'warning_closed'))
      throw refusedByState(`Dispute ${id} is ${dispute.status}: it cannot end as ${status}.`);
    const closed: Dispute = { ...dispute, status, is_charge_refundable: status !== 'lost' };
    this.#put(closed, this.#charge(dispute.charge as string));
    this.#deps.events.record('charge.dispute.closed', closed, NO_REQUEST, { status: dispute.status });
    if (status === 'won') this.#deps.events.record('charge.dispute.funds_reinstated', closed, NO_REQUEST);
    return closed;
  }

  require(id: string): Dispute {
    const dispute = this.#deps.store.get('dispute', id);
    if (dispute === undefined) throw resourceMissing('dispute', id);
    return dispute;
  }

  #put(dispute: Dispute, charge: Charge): void {
    this.#deps.store.put('dispute', dispute.id, dispute);
    this.#deps.store.put('charge', charge.id, charge);
  }

  #capturedBy(intentId: string): Charge {
    const { status, latest_charge: id } = this.#deps.payments.require(intentId);
    if (status !== 'succeeded') throw refusedByState(`This PaymentIntent (${intentId}) was not captured.`);
    return this.#charge(id as string);
  }

  #charge(id: string): Charge {
    const charge = this.#deps.store.get('charge', id);
    if (charge === undefined) throw resourceMissing('charge', id);
    return charge;
  }
}

/** While a claim stands the money is with the bank; an inquiry leaves it where it is. */
export function takesMoney({ status }: Dispute): boolean {
  return status === 'needs_response' || status === 'lost';
}

import type { Control } from '@plataforma/dev/stripe/control';
import type { Fault } from '@plataforma/dev/stripe/switches/faults';
import type { Random } from '@plataforma/dev/stripe/switches/seeded-random';
import type { Encounters } from './encounters.ts';

const OPEN = '/v1/checkout/sessions';
const FALLIBLE = [
  OPEN,
  '/v1/checkout/sessions/*',
  '/v1/checkout/sessions/*/expire',
  '/v1/refunds',
  '/v1/refunds/*',
];

/** Now and then Stripe does not answer, or its answer is lost. Too seldom for the circuit breaker. */
export function armFaults(stripe: Control, random: Random | undefined): Fault[] {
  if (!random || random() < 0.6) return [];
  const choose = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const path = choose(FALLIBLE);
  const fault = stripe.addFault({
    path,
    failure: choose(['error', 'cut', 'rate_limit'] as const),
    when: choose(['before', 'after'] as const),
    // A checkout is asked for three times at once: fewer failures leave nothing to do later.
    times: path === OPEN ? 3 : 1 + Math.floor(random() * 2),
  });
  return [fault];
}

/** Only a failure that a call has met counts, not one that was armed in vain. */
export function countFaults(stripe: Control, armed: readonly Fault[], encounters: Encounters): void {
  const [left] = stripe.get().faults;
  for (const { failure, when, times } of armed)
    encounters.count(`Stripe: ${failure} ${when} the effect`, times - (left?.times ?? 0));
}

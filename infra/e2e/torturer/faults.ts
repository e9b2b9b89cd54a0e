import type { Control } from '@plataforma/dev/stripe/control';
import type { Fault } from '@plataforma/dev/stripe/switches/faults';
import type { Random } from '@plataforma/dev/stripe/switches/seeded-random';
import type { Atingidos } from './atingidos.ts';

const ABRIR = '/v1/checkout/sessions';
const FALHAVEIS = [
  ABRIR,
  '/v1/checkout/sessions/*',
  '/v1/checkout/sessions/*/expire',
  '/v1/refunds',
  '/v1/refunds/*',
];

/** Now and then Stripe does not answer, or its answer is lost. Too seldom for the circuit breaker. */
export function armarFalhas(stripe: Control, acaso: Random | undefined): Fault[] {
  if (!acaso || acaso() < 0.6) return [];
  const escolher = <T>(itens: readonly T[]) => itens[Math.floor(acaso() * itens.length)] as T;
  const path = escolher(FALHAVEIS);
  const falha = stripe.addFault({
    path,
    failure: escolher(['error', 'cut', 'rate_limit'] as const),
    when: escolher(['before', 'after'] as const),
    // A checkout is asked for three times at once: fewer failures leave nothing to do later.
    times: path === ABRIR ? 3 : 1 + Math.floor(acaso() * 2),
  });
  return [falha];
}

/** Only a failure that a call has met counts, not one that was armed in vain. */
export function contarFalhas(stripe: Control, armadas: readonly Fault[], atingidos: Atingidos): void {
  const [resta] = stripe.get().faults;
  for (const { failure, when, times } of armadas)
    atingidos.conte(`Stripe: ${failure} ${when} the effect`, times - (resta?.times ?? 0));
}

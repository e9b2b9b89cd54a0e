/**
 * Kinds of disorder, and how often each is met in a hundred schedules at the very least: about half of what the torturer
 * really comes to. One that stops to torture in some respect falls below.
 */
const MINIMUMS_IN_HUNDRED: Readonly<Record<string, number>> = {
  'message: a copy of one that had come': 1_000,
  'message: after a newer one of its aggregate': 80,
  'message: at the same time as another of its aggregate': 40,
  'message: late': 800,
  'message: lost, and sent again': 200,
  'message: newest first, after all newer ones of its aggregate': 90,
  'steps: side by side': 800,
  'Stripe: cut after the effect': 1,
  'Stripe: cut before the effect': 1,
  'Stripe: error after the effect': 1,
  'Stripe: error before the effect': 1,
  'Stripe: rate_limit after the effect': 1,
  'Stripe: rate_limit before the effect': 1,
  'webhook: dealt with as it came': 40,
  'worker amid messages: notificacoes: envio-email': 60,
  'worker amid messages: pagamentos: checkouts': 1,
  'worker amid messages: pagamentos: encerramentos': 10,
  'worker amid messages: pagamentos: estornos': 20,
  'worker amid messages: pagamentos: webhooks': 150,
  'worker amid messages: reservas: fila-espera': 10,
};

/** How often each kind of disorder really came about, by its name. */
export class Encounters {
  readonly #times = new Map<string, number>();

  count(kind: string, times = 1): void {
    if (times > 0) this.#times.set(kind, this.times(kind) + times);
  }

  times(kind: string): number {
    return this.#times.get(kind) ?? 0;
  }

  add(others: Encounters): void {
    for (const [kind, times] of others.#times) this.count(kind, times);
  }

  /** What was met too seldom for so many schedules. What is rare need not be met in a few of them. */
  tooRare(runs: number): string[] {
    return Object.entries(MINIMUMS_IN_HUNDRED).flatMap(([kind, inHundred]) => {
      const minimum = Math.floor((inHundred * runs) / 100);
      const times = this.times(kind);
      return times < minimum ? [`${kind}: ${times} times in ${runs} schedules, ${minimum} expected`] : [];
    });
  }

  /** One kind a line, in the order of their names. */
  toString(): string {
    const lines = [...this.#times].sort(([a], [b]) => a.localeCompare(b));
    return lines.map(([kind, times]) => `${String(times).padStart(8)}  ${kind}`).join('\n');
  }
}
